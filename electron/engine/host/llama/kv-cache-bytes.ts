import { GgmlType, type GgufInsights } from 'node-llama-cpp';
import { bitsPerElement, findTensorTypeByName } from '../../../models/gguf/tensor-types.ts';

interface CacheShape {
  /** Tokens per slot. */
  readonly contextSize: number;
  readonly modelGpuLayers: number;
  readonly batchSize: number;
  readonly sequences: number;
}

interface CacheTypes {
  readonly kvKeyType: string;
  readonly kvValueType: string;
}

const bitsOf = (name: string): number => {
  const type = findTensorTypeByName(name);
  return type === undefined ? 16 : bitsPerElement(type);
};

/**
 * Bytes of the KV cache alone. The library's closed formula adds buffers that do not depend on the cache's type, and
 * F32 takes twice of F16, so the cache in F16 is the difference of the two; other types scale it by their bits.
 */
export const kvCacheBytesOf = (insights: GgufInsights, shape: CacheShape, types: CacheTypes): number => {
  const totalWith = (type: GgmlType): number => {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- V2 has no figure for the cache alone
    const estimated = insights.estimateContextResourceRequirements({
      ...shape,
      kvCacheKeyType: type,
      kvCacheValueType: type,
      includeGraphOverhead: false,
      flashAttention: true,
    });
    return estimated.cpuRam + estimated.gpuVram;
  };
  const inF16 = totalWith(GgmlType.F32) - totalWith(GgmlType.F16);
  return Math.round((inF16 * (bitsOf(types.kvKeyType) + bitsOf(types.kvValueType))) / 32);
};
