import { quantileSorted } from 'simple-statistics';
import { keptSteps, type EngineStep, type StepTotals } from '../../shared/contract/engine-steps.ts';
import type { StepStats } from '../../shared/contract/engine.ts';

/** Steps below which no 95 % interval of a median or of a 95th percentile exists (docs/metrics.md). */
const leastForMedian = 6;
const leastForP95 = 72;

/** What the steps of an engine were like lately: the newest 512, as the engine told them. */
export interface StepMeter {
  add(steps: readonly EngineStep[]): void;
  /** The newest, oldest first. */
  newest(count: number): readonly EngineStep[];
  /** Of all steps, those that are no longer kept included. */
  totals(): StepTotals;
  /** Sorts the steps: when it is asked, not at every step. `undefined` before the first decode step. */
  stats(loopDelayP99Ms: number | null): StepStats | undefined;
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

export const createStepMeter = (): StepMeter => {
  const ring: EngineStep[] = [];
  let count = 0;
  let prefillMs = 0;
  let decodeMs = 0;
  let prefilled = 0;
  const newest = (wanted: number): readonly EngineStep[] => {
    const oldest = count % keptSteps;
    const inOrder = ring.length < keptSteps ? ring : [...ring.slice(oldest), ...ring.slice(0, oldest)];
    return inOrder.slice(-wanted);
  };
  return {
    add: (steps) => {
      for (const step of steps) {
        ring[count % keptSteps] = step;
        count += 1;
        prefilled += step.prefilled;
        if (step.decoded > 0) decodeMs += step.tookMs;
        else prefillMs += step.tookMs;
      }
    },
    newest,
    totals: () => ({ prefillMs, decodeMs, prefilled }),
    stats: (loopDelayP99Ms) => {
      const decodes = ring.filter(({ decoded }) => decoded > 0);
      if (decodes.length === 0) return undefined;
      const decodeMs = decodes.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
      const at = (share: number, least: number): number | null =>
        decodeMs.length < least ? null : quantileSorted(decodeMs, share);
      const totalMs = sumOf(ring.map(({ tookMs }) => tookMs));
      return {
        decodeSteps: decodes.length,
        decodeBatchMean: sumOf(decodes.map(({ decoded }) => decoded)) / decodes.length,
        decodeMsP50: at(0.5, leastForMedian),
        decodeMsP95: at(0.95, leastForP95),
        prefillShare: totalMs === 0 ? 0 : 1 - sumOf(decodeMs) / totalMs,
        loopDelayP99Ms,
      };
    },
  };
};
