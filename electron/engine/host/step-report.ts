import { keptSteps, type EngineStep } from '../../../shared/contract/engine-steps.ts';
import type { Clock } from '../../platform/ports.ts';
import type { EngineLoad } from '../protocol.ts';
import type { ProcessMeter } from './process-meter.ts';

/** Resident memory is read from the system: not at every step. */
const residentEveryMs = 1_000;

/** What the host is told beside the tokens: the steps since the last message, and how busy the engine is. */
export interface StepReport {
  add(step: EngineStep): void;
  /** The steps not told yet; a long prefill sends no message for a while, and the host keeps no more than the newest. */
  take(): readonly EngineStep[];
  load(counts: Pick<EngineLoad, 'running' | 'queued' | 'kvTokens'>): EngineLoad;
}

export const createStepReport = (clock: Pick<Clock, 'monotonicMs'>, meter: ProcessMeter): StepReport => {
  let untold: EngineStep[] = [];
  let readMs = clock.monotonicMs();
  let residentBytes = meter.residentBytes();
  let loopDelayP99Ms: number | null = null;
  return {
    add: (step) => {
      if (untold.length === keptSteps) untold.shift();
      untold.push(step);
    },
    take: () => {
      const told = untold;
      untold = [];
      return told;
    },
    load: (counts) => {
      const nowMs = clock.monotonicMs();
      const isIdle = counts.running === 0 && counts.queued === 0; // a short answer ends within the second
      if (nowMs - readMs > residentEveryMs) {
        readMs = nowMs;
        residentBytes = meter.residentBytes();
        loopDelayP99Ms = meter.loopDelayP99Ms();
      } else if (isIdle) loopDelayP99Ms = meter.loopDelayP99Ms();
      return { ...counts, residentBytes, loopDelayP99Ms };
    },
  };
};
