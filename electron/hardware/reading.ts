/** One value with where it comes from, or why it is unknown. Never 0 for unknown. */
export type Reading<Value = number> =
  { readonly value: Value; readonly source: string } | { readonly value: null; readonly reason: string };

export const known = <Value>(value: Value, source: string): Reading<Value> => ({ value, source });

export const unknown = (reason: string): { readonly value: null; readonly reason: string } => ({
  value: null,
  reason,
});

/** Applies `convert` to a known value; an unknown one keeps its reason. */
export const mapReading = <From, To>(reading: Reading<From>, convert: (value: From) => To): Reading<To> =>
  'reason' in reading ? reading : { value: convert(reading.value), source: reading.source };

/** The first known reading; else the last one's reason. */
export const firstKnown = <Value>(
  first: Reading<Value>,
  ...others: readonly Reading<Value>[]
): Reading<Value> => others.reduce((best, next) => ('reason' in best ? next : best), first);

/** Gathers the values of a sample together with its `sources` and `reasons` by path. */
export const createReadingBook = () => {
  const reasons: Record<string, string> = {};
  const sources: Record<string, string> = {};
  return {
    reasons,
    sources,
    /** Notes the source or the reason under `path` and gives the bare value. */
    take: <Value>(path: string, reading: Reading<Value>): Value | null => {
      if ('reason' in reading) {
        reasons[path] = reading.reason;
        return null;
      }
      sources[path] = reading.source;
      return reading.value;
    },
  };
};
export type ReadingBook = ReturnType<typeof createReadingBook>;
