import type { Tier } from '../../../shared/contract/limits.ts';
import type { QueueOutlook } from '../limits/admission-queue.ts';
import { nextLevel, pressureOf, type DegradationLevel } from './degradation-level.ts';

/** How far each model is degraded for each tier: moves one request at a time, so that it neither flaps nor lags. */
export interface Saturation {
  /** The level for a request that would meet this outlook. */
  level(modelId: string, tier: Tier, outlook: QueueOutlook): DegradationLevel;
}

export const createSaturation = (): Saturation => {
  const levels = new Map<string, DegradationLevel>();
  return {
    level: (modelId, tier, outlook) => {
      const key = `${tier} ${modelId}`;
      const level = nextLevel(levels.get(key) ?? 0, pressureOf(outlook, tier));
      levels.set(key, level);
      return level;
    },
  };
};
