import type { EngineStep } from '../../../shared/contract/engine-steps.ts';
import type { StepTimes, Stretch } from '../../gateway/index.ts';

/** Time of the steps that ended in a stretch. A step is either of decode or of prefill. Pure. */
export const stepTimesIn = (steps: readonly EngineStep[], { fromMs, toMs }: Stretch): StepTimes => {
  const within = steps.filter(({ atMs }) => atMs > fromMs && atMs <= toMs);
  const timeOf = (some: readonly EngineStep[]): number => some.reduce((sum, { tookMs }) => sum + tookMs, 0);
  return {
    prefillMs: timeOf(within.filter(({ decoded }) => decoded === 0)),
    decodeMs: timeOf(within.filter(({ decoded }) => decoded > 0)),
  };
};
