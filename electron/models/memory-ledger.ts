import { median } from 'simple-statistics';
import type { EngineFacts } from '../../shared/contract/engine.ts';
import {
  memoryLoadSchema,
  type MemoryHistory,
  type MemoryLoad,
  type MemoryPrediction,
} from '../../shared/contract/memory.ts';
import type { Clock } from '../platform/ports.ts';
import type { FactStore } from '../platform/stores.ts';
import { predictMemory, type LoadShape, type PastLoad } from './memory-learning.ts';

/** Expected against measured memory of this machine's loads, over restarts. */
export interface MemoryLedger {
  /** What a load should take, learned from those before. */
  predict(shape: LoadShape): MemoryPrediction;
  /** Predicts a load that just ended from those before it, remembers both, and gives the prediction. */
  record(modelId: string, facts: EngineFacts): MemoryPrediction;
  history(): MemoryHistory;
}

const prefix = 'memory-load:';
const kept = 200;

/** What the loaded engine says of its buffers. On a device the cache lies beside the weights there. */
const shapeOf = ({ backend, vocabularySize, memory }: EngineFacts): LoadShape => ({
  backend,
  vocabularySize,
  weightsRamBytes: memory.modelRamBytes,
  kvCacheRamBytes: Math.min(memory.kvCacheBytes ?? memory.contextRamBytes, memory.contextRamBytes),
  vramBytes: memory.modelVramBytes + memory.contextVramBytes,
});

const toPast = ({ backend, vocabularySize, predicted, measured }: MemoryLoad): PastLoad => ({
  backend,
  vocabularySize,
  weightsRamBytes: predicted.weightsBytes,
  kvCacheRamBytes: predicted.kvCacheBytes,
  measuredBytes: measured.processBytes,
});

export const createMemoryLedger = (facts: FactStore, clock: Pick<Clock, 'nowMs'>): MemoryLedger => {
  /** Oldest first: the keys are times. */
  const loads = (): readonly { readonly key: string; readonly load: MemoryLoad }[] =>
    facts.list(prefix).flatMap(({ key, value }) => {
      const parsed = memoryLoadSchema.safeParse(value); // one of another version of Dyno teaches nothing
      return parsed.success ? [{ key, load: parsed.data }] : [];
    });
  const predict = (shape: LoadShape): MemoryPrediction =>
    predictMemory(
      shape,
      loads().map(({ load }) => toPast(load)),
    );

  return {
    predict,
    record: (modelId, engine) => {
      const predicted = predict(shapeOf(engine));
      const { ownBytes, processBytes, deviceBytes, loadPeakBytes } = engine.memory;
      const measuredBytes = ownBytes ?? processBytes;
      const load: MemoryLoad = {
        atMs: clock.nowMs(),
        modelId,
        backend: engine.backend,
        vocabularySize: engine.vocabularySize,
        contextSize: engine.contextSize,
        slots: engine.slots,
        kvKeyType: engine.kvKeyType,
        useMmap: engine.useMmap,
        predicted,
        measured: {
          processBytes: measuredBytes,
          source: ownBytes === undefined ? 'rss' : 'pss',
          ...(loadPeakBytes !== undefined && { peakBytes: loadPeakBytes }),
          deviceBytes: deviceBytes ?? null,
        },
        errorPercent: (100 * (predicted.ramBytes - measuredBytes)) / measuredBytes,
      };
      const before = loads();
      const serial = Number(before.at(-1)?.key.slice(prefix.length) ?? 0) + 1;
      facts.set(`${prefix}${String(serial).padStart(12, '0')}`, load);
      for (const { key } of before.slice(0, Math.max(0, before.length + 1 - kept))) facts.remove(key);
      return predicted;
    },
    history: () => {
      const all = loads().map(({ load }) => load);
      const errors = all.map(({ errorPercent }) => Math.abs(errorPercent));
      return {
        loads: all.toReversed(),
        medianAbsoluteErrorPercent: errors.length === 0 ? null : median(errors),
        worstAbsoluteErrorPercent: errors.length === 0 ? null : Math.max(...errors),
      };
    },
  };
};
