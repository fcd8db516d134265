import { median } from 'simple-statistics';
import type { MemoryPrediction } from '../../shared/contract/memory.ts';

/** What a load of a model is made of, before the part nobody computes: the engine process itself. Bytes. */
export interface LoadShape {
  readonly backend: string;
  readonly vocabularySize: number;
  /** In main memory, mapped pages and rearranged copies included. */
  readonly weightsRamBytes: number;
  readonly kvCacheRamBytes: number;
  /** Weights, cache and buffers on all devices. */
  readonly vramBytes: number;
}

/** A load that happened, with the process's own memory after it. */
export interface PastLoad extends Pick<
  LoadShape,
  'backend' | 'vocabularySize' | 'weightsRamBytes' | 'kvCacheRamBytes'
> {
  readonly measuredBytes: number;
}

/**
 * Before anything was learned: Node.js, llama.cpp and the runtime's buffers, and the tokenizer in two languages. Fitted
 * to 30 loads of 8 files with 3,072 to 262,144 tokens (Linux x64, llama.cpp v0.5.0, perf/memory-fit).
 */
const defaultProcessBytes = 135 * 2 ** 20;
const defaultBytesPerToken = 1063;

/** Vocabularies this near (ratio) take the same memory. */
const similarRatio = 1.1;
/** Newer loads say more: versions of llama.cpp and Node.js change. */
const remembered = 50;

const defaultOf = (vocabularySize: number): number =>
  defaultProcessBytes + defaultBytesPerToken * vocabularySize;

const residualOf = (load: PastLoad): number =>
  load.measuredBytes - load.weightsRamBytes - load.kvCacheRamBytes;

const isSimilar = (a: number, b: number): boolean => Math.max(a, b) <= similarRatio * Math.min(a, b);

/**
 * Expected memory of a load, in its parts. Weights and cache are llama.cpp's own figures and exact; what is learned is
 * the rest of the process. With past loads of such a vocabulary on this backend it is the median of what they took
 * beyond weights and cache; else the shipped figures, moved by the median of how far they were off here. A median, so
 * that one load beside a busy neighbour changes nothing; never below zero.
 * @param past oldest first
 */
export const predictMemory = (shape: LoadShape, past: readonly PastLoad[]): MemoryPrediction => {
  const onBackend = past.filter(({ backend }) => backend === shape.backend).slice(-remembered);
  const similar = onBackend.filter(({ vocabularySize }) => isSimilar(vocabularySize, shape.vocabularySize));
  const learned = (): Pick<MemoryPrediction, 'processBytes' | 'basis' | 'n'> => {
    if (similar.length > 0) {
      return { processBytes: median(similar.map(residualOf)), basis: 'similar', n: similar.length };
    }
    const usual = defaultOf(shape.vocabularySize);
    if (onBackend.length === 0) return { processBytes: usual, basis: 'default', n: 0 };
    const off = median(onBackend.map((load) => residualOf(load) - defaultOf(load.vocabularySize)));
    return { processBytes: usual + off, basis: 'machine', n: onBackend.length };
  };
  const { processBytes, basis, n } = learned();
  const processPart = Math.max(0, Math.round(processBytes));
  return {
    weightsBytes: shape.weightsRamBytes,
    kvCacheBytes: shape.kvCacheRamBytes,
    processBytes: processPart,
    ramBytes: shape.weightsRamBytes + shape.kvCacheRamBytes + processPart,
    vramBytes: shape.vramBytes,
    basis,
    n,
  };
};
