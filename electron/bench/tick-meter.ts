import type { BenchTick } from '../../shared/contract/bench.ts';

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

/** Turns token counts into the points of the live page. */
export const createTickMeter = (emit: (tick: Omit<BenchTick, 'atMs'>) => void): TickMeter => {
  let residentBytes: number | null = null;
  let open: { cellId: string; tokens: number; spanMs: number; ttftsMs: number[] } | undefined;
  return {
    add: (cellId, { tokens, spanMs, ttftsMs = [] }) => {
      if (open?.cellId !== cellId) open = { cellId, tokens: 0, spanMs: 0, ttftsMs: [] };
      open.tokens += tokens;
      open.spanMs += spanMs;
      open.ttftsMs.push(...ttftsMs);
      if (open.spanMs < minimumSpanMs) return;
      emit({
        cellId,
        tokensPerSecond: (open.tokens / open.spanMs) * 1000,
        ttftsMs: open.ttftsMs,
        residentBytes,
      });
      open = undefined;
    },
    setResidentBytes: (bytes) => {
      residentBytes = bytes;
    },
  };
};
