import { z } from 'zod';

/** What the host says of an input it refused: each field by its path. */
const refusalSchema = z.object({
  data: z.object({
    details: z.object({ issues: z.array(z.object({ field: z.string(), message: z.string() })) }),
  }),
});

/** What is wrong with each field of a refused input, by its path: `limits.concurrency`. Empty for any other failure. */
export const fieldProblems = (error: unknown): Readonly<Record<string, string>> => {
  const refusal = refusalSchema.safeParse(error);
  if (!refusal.success) return {};
  return Object.fromEntries(refusal.data.data.details.issues.map(({ field, message }) => [field, message]));
};

/** The same of an input that its own schema refused before it was sent. */
const issueProblems = (error: z.ZodError): Readonly<Record<string, string>> =>
  Object.fromEntries(error.issues.map(({ path, message }) => [path.join('.'), message]));

/** A form as the host takes it, or what is wrong with each field. */
export type FormRead<Input> =
  | { readonly type: 'ready'; readonly input: Input }
  | { readonly type: 'problems'; readonly fields: Readonly<Record<string, string>> };

/**
 * Reads a form by the contract's own schema.
 * @param own what the form itself has found wrong, by field; it goes before the schema's words
 */
export const readForm = <Input>(
  schema: z.ZodType<Input>,
  raw: unknown,
  own: Readonly<Record<string, string>> = {},
): FormRead<Input> => {
  const read = schema.safeParse(raw);
  if (read.success && Object.keys(own).length === 0) return { type: 'ready', input: read.data };
  return { type: 'problems', fields: { ...(read.success ? {} : issueProblems(read.error)), ...own } };
};
