/** How busy a queue is, for an honest answer to "when shall I come back?". */
export interface QueueLoad {
  /** Mean time a request holds its slot, milliseconds. */
  readonly meanServiceMs: number;
  readonly slots: number;
  readonly running: number;
  readonly waiting: number;
}

/**
 * When the next place falls free that nobody was promised yet. Every refused client is told a later time than the one
 * before, one slot's turn apart, so that all who wait as long as they were told find a place; never later than the time
 * in which everything now in the house is done.
 */
export const promiseNextPlace = (
  load: QueueLoad,
  nowMs: number,
  lastPromiseAtMs: number,
): { readonly retryAfterSeconds: number; readonly promiseAtMs: number } => {
  const turnMs = load.meanServiceMs / Math.max(1, load.slots);
  const allDoneAtMs = nowMs + turnMs * Math.max(1, load.running + load.waiting);
  const promiseAtMs = Math.min(allDoneAtMs, Math.max(nowMs, lastPromiseAtMs) + turnMs);
  return { promiseAtMs, retryAfterSeconds: Math.max(1, Math.ceil((promiseAtMs - nowMs) / 1000)) };
};
