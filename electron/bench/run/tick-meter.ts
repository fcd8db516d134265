import type { BenchTick } from '../../../shared/contract/bench-tick.ts';

/** Tokens that arrived in a stretch of measured time. */
export interface TokenSpan {
  readonly tokens: number;
  readonly spanMs: number;
  readonly ttftsMs?: readonly number[];
}

export interface TickMeter {
  add(cellId: string, span: TokenSpan): void;
  /** Last known resident memory of the engine that is measured, bytes. */
  setResidentBytes(bytes: number): void;
}

/** Gathers short spans to points of at least this length, so that the live page gets at most 5 a second. */
const minimumSpanMs = 200;

/** Turns token counts into the points of the live page. Cells that take turns are gathered apart. */
export const createTickMeter = (emit: (tick: Omit<BenchTick, 'atMs'>) => void): TickMeter => {
  let residentBytes: number | null = null;
  const open = new Map<string, { tokens: number; spanMs: number; ttftsMs: readonly number[] }>();
  return {
    add: (cellId, { tokens, spanMs, ttftsMs = [] }) => {
      const before = open.get(cellId) ?? { tokens: 0, spanMs: 0, ttftsMs: [] };
      const span = {
        tokens: before.tokens + tokens,
        spanMs: before.spanMs + spanMs,
        ttftsMs: [...before.ttftsMs, ...ttftsMs],
      };
      if (span.spanMs < minimumSpanMs) {
        open.set(cellId, span);
        return;
      }
      open.delete(cellId);
      emit({
        cellId,
        tokensPerSecond: (span.tokens / span.spanMs) * 1000,
        ttftsMs: span.ttftsMs,
        residentBytes,
      });
    },
    setResidentBytes: (bytes) => {
      residentBytes = bytes;
    },
  };
};
