import type { CellRepetition } from '../contract/bench-live.ts';

/** Repetitions of one cell and kind that followed one another, on the host's monotonic clock. */
export interface MeasuredSpan {
  readonly cellId: string;
  readonly isWarmup: boolean;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Appends a repetition; one like the last makes its span longer, so that a long run has few of them. */
export const addSpan = (
  spans: readonly MeasuredSpan[],
  {
    cellId,
    isWarmup,
    startedAtMs,
    wallMs,
  }: Pick<CellRepetition, 'cellId' | 'isWarmup' | 'startedAtMs' | 'wallMs'>,
): readonly MeasuredSpan[] => {
  const toMs = startedAtMs + wallMs;
  const last = spans.at(-1);
  return last?.cellId === cellId && last.isWarmup === isWarmup
    ? [...spans.slice(0, -1), { ...last, toMs }]
    : [...spans, { cellId, isWarmup, fromMs: startedAtMs, toMs }];
};
