/** Threads of an engine: prefill is bound by arithmetic and scales, decode by memory and hardly does. */
export interface ThreadChoice {
  readonly decode: number;
  readonly prefill: number;
}

/** Median time of one step at a thread count. */
export interface ThreadMeasurement {
  readonly threads: number;
  readonly stepMs: number;
}

/** A count this much slower than the best is taken when it needs fewer threads: the rest of the machine has uses. */
const TOLERANCE = 1.03;

/** Thread counts worth a measurement: all, three quarters, a half, a quarter and one; largest first. */
export const threadCandidates = (limit: number): readonly number[] => {
  const shares = [1, 0.75, 0.5, 0.25].map((share) => Math.max(1, Math.round(limit * share)));
  return [...new Set([...shares, 1])].sort((a, b) => b - a);
};

/** The fewest threads within 3 % of the fastest measurement; 1 when nothing was measured. */
export const chooseThreads = (measurements: readonly ThreadMeasurement[]): number => {
  const bestMs = Math.min(...measurements.map(({ stepMs }) => stepMs));
  const goodEnough = measurements.filter(({ stepMs }) => stepMs <= bestMs * TOLERANCE);
  return goodEnough.length === 0 ? 1 : Math.min(...goodEnough.map(({ threads }) => threads));
};

/** A choice within a limit that other engines or a busy machine set. */
export const withinLimit = (choice: ThreadChoice, limit: number): ThreadChoice => ({
  decode: Math.max(1, Math.min(choice.decode, limit)),
  prefill: Math.max(1, Math.min(choice.prefill, limit)),
});

/**
 * Threads each of `busyEngines` may use on `cores`: an equal share, at least one. Engines spin at every barrier of
 * the graph, so one thread too many costs far more than one too few (docs/performance.md).
 */
export const shareThreads = (cores: number, busyEngines: number): number =>
  Math.max(1, Math.floor(cores / Math.max(1, busyEngines)));

/** Key of a measured choice: the cores it was made for, and the model's size to a power of two. */
export const threadFactKey = (cores: number, modelBytes: number): string =>
  `engine.threads:${cores}:${Math.round(Math.log2(Math.max(1, modelBytes)))}`;

/** Reads a stored choice; `null` when there is none or it is not one. */
export const readThreadChoice = (value: unknown): ThreadChoice | null => {
  if (typeof value !== 'object' || value === null || !('decode' in value) || !('prefill' in value))
    return null;
  const { decode, prefill } = value;
  const isCount = (count: unknown): count is number => Number.isInteger(count) && Number(count) > 0;
  return isCount(decode) && isCount(prefill) ? { decode, prefill } : null;
};
