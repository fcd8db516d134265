import type { EngineSettings } from '../../shared/contract/models.ts';

/** What the policy needs of a model; `ModelDetails` has it. */
interface Weights {
  /** Of the whole file. */
  readonly sizeBytes: number;
  readonly tensors: readonly {
    readonly name: string;
    readonly type: string;
    readonly shape: readonly number[];
    readonly sizeBytes: number;
  }[];
}

/**
 * Tensor types the CPU backend rearranges at load for its matrix kernels, by processor. Source:
 * `ggml_repack_get_optimal_repack_type` in ggml/src/ggml-cpu/repack.cpp of llama.cpp v0.5.0 (AVX2 and AVX-512; NEON
 * with dotprod or i8mm).
 */
const repackedTypes: Readonly<Record<string, readonly string[]>> = {
  x64: ['Q4_0', 'Q4_K', 'Q2_K', 'IQ4_NL', 'MXFP4', 'Q1_0'],
  arm64: ['Q4_0', 'Q4_K', 'Q5_K', 'Q6_K', 'Q8_0', 'IQ4_NL', 'MXFP4', 'Q1_0'],
};

/** Bytes of the weights that the CPU backend copies into its own layout. The embedding is looked up, not multiplied. */
export const repackedBytes = ({ tensors }: Pick<Weights, 'tensors'>, arch: string): number => {
  const types = repackedTypes[arch] ?? [];
  return tensors
    .filter(
      ({ name, type, shape }) => shape.length > 1 && types.includes(type) && name !== 'token_embd.weight',
    )
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
};

/**
 * Whether to map the file into memory. On the CPU `auto` says no where a quarter of the weights or more is repacked,
 * because the mapped pages then stay beside the copy (Q4_0 of 265 MB: 521 MB resident with, 305 MB without). With a
 * GPU it says yes: the pages are dropped after the upload.
 */
export const resolveUseMmap = (
  setting: EngineSettings['useMmap'],
  weights: Weights,
  arch: string,
  hasGpu = false,
): boolean => (setting === 'auto' ? hasGpu || repackedBytes(weights, arch) < weights.sizeBytes / 4 : setting);
