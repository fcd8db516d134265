import { quantileSorted } from 'simple-statistics';
import type { StepStats } from '../../../shared/contract/engine.ts';

/** The newest steps: ten seconds of a fast model, minutes of a slow one. */
const kept = 512;
/** Steps below which no 95 % interval of a median or of a 95th percentile exists (docs/metrics.md). */
const leastForMedian = 6;
const leastForP95 = 72;

/** What the steps of an engine were like lately. Adding one writes two numbers into rings and allocates nothing. */
export interface StepMeter {
  decoded(sequences: number, tookMs: number): void;
  prefilled(tookMs: number): void;
  /** Over the newest 512 steps; sorts them, so not for every step. `undefined` before the first decode step. */
  stats(loopDelayP99Ms: number | null): StepStats | undefined;
}

export const createStepMeter = (): StepMeter => {
  const tookMs = new Float64Array(kept);
  /** Sequences decoded; 0 marks a prefill. */
  const sequences = new Uint16Array(kept);
  let count = 0;
  const add = (size: number, ms: number): void => {
    tookMs[count % kept] = ms;
    sequences[count % kept] = size;
    count += 1;
  };
  return {
    decoded: add,
    prefilled: (ms) => add(0, ms),
    stats: (loopDelayP99Ms) => {
      const steps = Math.min(count, kept);
      const decodeMs: number[] = [];
      let prefillMs = 0;
      let totalMs = 0;
      let decodedSequences = 0;
      for (let index = 0; index < steps; index += 1) {
        const ms = tookMs[index] ?? 0;
        const size = sequences[index] ?? 0;
        totalMs += ms;
        decodedSequences += size;
        if (size === 0) prefillMs += ms;
        else decodeMs.push(ms);
      }
      if (decodeMs.length === 0) return undefined;
      decodeMs.sort((a, b) => a - b);
      const at = (share: number, least: number): number | null =>
        decodeMs.length < least ? null : quantileSorted(decodeMs, share);
      return {
        decodeSteps: decodeMs.length,
        decodeBatchMean: decodedSequences / decodeMs.length,
        decodeMsP50: at(0.5, leastForMedian),
        decodeMsP95: at(0.95, leastForP95),
        prefillShare: totalMs === 0 ? 0 : prefillMs / totalMs,
        loopDelayP99Ms,
      };
    },
  };
};
