/**
 * Notices that other programs need the cores. llama.cpp's threads spin at every barrier of the graph: with one other
 * busy core, 2 threads on 2 cores fell from 46 to 3-5 tokens/s, while 1 thread kept 48 (docs/performance.md).
 */
export interface WatchdogState {
  /** Recent step times by number of sequences, newest last. */
  readonly history: ReadonlyMap<number, readonly number[]>;
  /** Steps in a row that were far too slow. */
  readonly slowSteps: number;
  /** Threads in use now. */
  readonly threads: number;
  readonly wantedThreads: number;
  /** Monotonic time at which more threads are tried again; 0 while nothing was lowered. */
  readonly retryAtMs: number;
  readonly retryDelayMs: number;
}

/** Times its own median that a step may take; ordinary noise stays below 2. */
const slowFactor = 5;
/** One slow step is an accident (a page fault, a sleep of the machine). */
const slowStepsToAct = 3;
const keptSteps = 31;
/** A median of fewer says little. */
const leastHistory = 8;
const firstRetryMs = 2_000;
const longestRetryMs = 60_000;

export const startWatchdog = (threads: number): WatchdogState => ({
  history: new Map(),
  slowSteps: 0,
  threads,
  wantedThreads: threads,
  retryAtMs: 0,
  retryDelayMs: firstRetryMs,
});

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const lowered = (state: WatchdogState, nowMs: number): WatchdogState => ({
  ...state,
  slowSteps: 0,
  threads: Math.max(1, Math.floor(state.threads / 2)),
  retryAtMs: nowMs + state.retryDelayMs,
  retryDelayMs: Math.min(longestRetryMs, state.retryDelayMs * 2),
});

/** The state after a decode step of `sequences` that took `stepMs`. */
export const watchStep = (
  state: WatchdogState,
  {
    sequences,
    stepMs,
    nowMs,
  }: { readonly sequences: number; readonly stepMs: number; readonly nowMs: number },
): WatchdogState => {
  const known = state.history.get(sequences) ?? [];
  const isSlow = known.length >= leastHistory && stepMs > slowFactor * median(known);
  if (isSlow) {
    const slow = { ...state, slowSteps: state.slowSteps + 1 };
    return slow.slowSteps >= slowStepsToAct && state.threads > 1 ? lowered(slow, nowMs) : slow;
  }
  // slow steps stay out of the history: the median is that of a machine that is free
  const history = new Map(state.history).set(sequences, [...known, stepMs].slice(-keptSteps));
  // after a calm minute the next disturbance is a new one
  const isOver = state.threads === state.wantedThreads && nowMs > state.retryAtMs + longestRetryMs;
  const retryDelayMs = isOver ? firstRetryMs : state.retryDelayMs;
  const calm = { ...state, history, slowSteps: 0, retryDelayMs };
  const mayRetry = state.threads < state.wantedThreads && nowMs >= state.retryAtMs;
  return mayRetry ? { ...calm, threads: Math.min(state.wantedThreads, state.threads * 2) } : calm;
};
