import type { JobState } from '../../shared/contract/common.ts';
import type { Clock } from '../platform/ports.ts';
import type { JobProgress } from './job-definition.ts';
import { estimateRemainingMs } from './job-eta.ts';

/** Each report is stored and told to every window: more than seven a second say nothing to a person. */
const reportEveryMs = 150;

/** Turns a job's progress into states with an ETA, the first and the last always, those between as often as is useful. */
export const createJobReport = (
  clock: Pick<Clock, 'monotonicMs'>,
  tell: (state: JobState) => void,
): ((progress: JobProgress) => void) => {
  const startedMs = clock.monotonicMs();
  let lastMs = -Infinity;
  let lastFraction: number | null = null;
  return ({ fraction, note, etaMs }) => {
    const nowMs = clock.monotonicMs();
    const isNewEnd = fraction === 1 && lastFraction !== 1;
    if (nowMs - lastMs < reportEveryMs && !isNewEnd) return;
    lastMs = nowMs;
    lastFraction = fraction;
    const remainingMs = etaMs === undefined ? estimateRemainingMs(fraction, nowMs - startedMs) : etaMs;
    tell({ type: 'running', fraction, etaMs: remainingMs, note });
  };
};
