import type { MemoryPrediction } from '../../shared/contract/memory.ts';
import type { MemoryFit } from '../../shared/contract/models.ts';
import type { ResourceEstimate } from './inspector.ts';

/** The RAM that decides whether a setting fits, before headroom, and whose figure it is. */
export type NeededMemory = Pick<MemoryFit, 'neededRamBytes' | 'decidedBy'>;

/** The process part is the same for every setting of a model: what was learned of it stands for each estimate. */
export const expectedOf = (learned: MemoryPrediction, need: ResourceEstimate): MemoryPrediction => {
  const kvCacheBytes = Math.min(need.kvCacheBytes, Math.max(0, need.totalRamBytes - need.weightsRamBytes));
  return {
    ...learned,
    weightsBytes: need.weightsRamBytes,
    kvCacheBytes,
    ramBytes: need.weightsRamBytes + kvCacheBytes + learned.processBytes,
    vramBytes: need.totalVramBytes,
  };
};

/**
 * What was learned from this machine's loads decides, where there were any and they took more than llama.cpp's totals;
 * those hold the whole compute buffers, which a load does not touch but a prompt may. Shipped figures decide nothing.
 */
export const neededMemory = (
  { totalRamBytes }: Pick<ResourceEstimate, 'totalRamBytes'>,
  { ramBytes, n }: Pick<MemoryPrediction, 'ramBytes' | 'n'>,
): NeededMemory =>
  n > 0 && ramBytes > totalRamBytes
    ? { neededRamBytes: ramBytes, decidedBy: 'learned' }
    : { neededRamBytes: totalRamBytes, decidedBy: 'estimate' };
