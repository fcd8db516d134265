import type { Limits } from '../../../../shared/contract/limits.ts';

/** Limits as they stand in three fields; empty: none. */
export interface LimitTexts {
  readonly requestsPerMinute: string;
  readonly tokensPerMinute: string;
  readonly concurrency: string;
}

export const limitNames = ['requestsPerMinute', 'tokensPerMinute', 'concurrency'] as const;

const MOST = 1_000_000_000;
const BAD_LIMIT = 'A whole number from 1 to 1,000,000,000, or nothing';

const written = (limit: number | null): string => (limit === null ? '' : String(limit));

export const writeLimits = (limits: Limits): LimitTexts => ({
  requestsPerMinute: written(limits.requestsPerMinute),
  tokensPerMinute: written(limits.tokensPerMinute),
  concurrency: written(limits.concurrency),
});

/** A limit as typed, thousands separated or not; `undefined` for what is none. */
const readLimit = (text: string): number | null | undefined => {
  const plain = text.trim().replaceAll(',', '');
  if (plain === '') return null;
  const value = Number(plain);
  return Number.isInteger(value) && value >= 1 && value <= MOST ? value : undefined;
};

/** What is wrong with each field; none when all can be read. */
export const limitProblems = (texts: LimitTexts): Readonly<Partial<Record<keyof Limits, string>>> =>
  Object.fromEntries(
    limitNames.filter((name) => readLimit(texts[name]) === undefined).map((name) => [name, BAD_LIMIT]),
  );

/** `undefined` while a field cannot be read. */
export const readLimits = (texts: LimitTexts): Limits | undefined => {
  const requestsPerMinute = readLimit(texts.requestsPerMinute);
  const tokensPerMinute = readLimit(texts.tokensPerMinute);
  const concurrency = readLimit(texts.concurrency);
  return requestsPerMinute === undefined || tokensPerMinute === undefined || concurrency === undefined
    ? undefined
    : { requestsPerMinute, tokensPerMinute, concurrency };
};
