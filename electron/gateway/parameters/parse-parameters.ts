import type { z } from 'zod';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { adviceFor } from './known-parameters.ts';
import { isUnsupported } from './only-supported.ts';
import { invalidValue, unsupportedParameter } from './parameter-error.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** `['tools', 0, 'type']` as `tools[0].type`. */
const toParam = (path: Path): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );

const valueAt = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? Reflect.get(value, part)
        : undefined,
    root,
  );

const describe = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

/**
 * Of a union, the branch that fits best is the one that failed deepest: a string that was no string is less telling
 * than an array whose third part has a wrong type.
 */
const deepestIssue = (issue: Issue, prefix: Path = []): { readonly issue: Issue; readonly path: Path } => {
  const path = [...prefix, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return { issue, path };
  const candidates = issue.errors.flatMap((branch) => branch.map((inner) => deepestIssue(inner, path)));
  return candidates.reduce(
    (best, candidate) => (candidate.path.length > best.path.length ? candidate : best),
    candidates[0] ?? { issue, path },
  );
};

const unknownParameters = (names: readonly string[], path: Path, known: readonly string[]): AppError => {
  const params = names.map((name) => toParam([...path, name]));
  const [name = '', ...others] = names;
  return unsupportedParameter(
    params[0] ?? '',
    `Unknown parameter${others.length === 0 ? '' : 's'}: ${params.join(', ')}.`,
    others.length === 0 ? adviceFor(name, path.length === 0 ? known : []) : 'Leave them out.',
  );
};

const toParameterError = (error: z.ZodError, body: unknown, known: readonly string[]): AppError => {
  // An unknown name is told first: it is often a misspelt one, and then the reason another is missing.
  const first = error.issues.find((each) => each.code === 'unrecognized_keys') ?? error.issues[0];
  if (first === undefined) return invalidValue('', 'The request is not valid.');
  const { issue, path } = deepestIssue(first);
  if (issue.code === 'unrecognized_keys') return unknownParameters(issue.keys, path, known);
  const param = toParam(path);
  const value = valueAt(body, path);
  if (value === undefined) return invalidValue(param, `Missing required parameter: ${param}.`);
  if (issue.code === 'invalid_union' && 'discriminator' in issue && typeof value === 'string') {
    return unsupportedParameter(
      param,
      `${param}: ${describe(value)} is not supported.`,
      textOnlyAdvice(value),
    );
  }
  const refuse = isUnsupported(issue) ? unsupportedParameter : invalidValue;
  return refuse(param, `${param}: ${issue.message}. Got ${describe(value)}.`);
};

const textOnlyAdvice = (value: string): string | undefined =>
  /image|audio|file|video/u.test(value) ? 'This engine reads text only: send parts of type text.' : undefined;

/** OpenAI's optional parameters are nullable, and clients send their empty fields as null: null means "not given". */
const withoutNulls = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && !Array.isArray(body)
    ? Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
    : body;

/**
 * The body as `schema` reads it.
 * @throws AppError `gateway.unsupported-parameter` for a name the schema does not have and for what the API knows and the
 *   server cannot do, `gateway.invalid-value` for any other value the schema does not accept; both with `details.param`
 */
export const parseParameters = <Schema extends z.ZodObject>(
  schema: Schema,
  body: unknown,
): z.output<Schema> => {
  const result = schema.safeParse(withoutNulls(body));
  if (result.success) return result.data;
  throw toParameterError(result.error, body, Object.keys(schema.shape));
};
