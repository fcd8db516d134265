/** A stretch on the monotonic clock. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}
