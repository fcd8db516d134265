import { AppError } from '../../../shared/errors/app-error.ts';

/** So many parts are named; a message with fifty would be read by nobody, and the result names them all. */
const mostNamed = 3;

interface FailedPart {
  /** What failed, in words: `Q8_0 could not be made`. */
  readonly what: string;
  readonly error: { readonly message: string; readonly hint?: string | undefined };
}

const sentenceOf = ({ what, error }: FailedPart): string => `${what}: ${error.message.replace(/\.$/, '')}.`;

/**
 * The end of an action of which some parts failed and the others are kept.
 * @param next who does what is missing: `"dyno runs resume run_1"`, with a capital letter where it is no command
 */
export const partlyFailed = (
  parts: readonly FailedPart[],
  next: string,
  details?: Readonly<Record<string, unknown>>,
): AppError => {
  const more = parts.length - mostNamed;
  const named = parts.slice(0, mostNamed).map(sentenceOf).join(' ');
  const [hint] = parts.flatMap(({ error }) => error.hint ?? []);
  return new AppError('bench.partly-failed', more > 0 ? `${named} And ${more} more.` : named, {
    hint: `${hint === undefined ? '' : `${hint} `}${next} does what is missing; the rest is kept.`,
    details: { failed: parts.length, ...details },
  });
};
