import type { EngineSettings } from '../../../../shared/contract/models.ts';

/** What decides which weights the CPU backend rearranges for its matrix kernels. */
export interface CpuKernels {
  /** `process.arch`. */
  readonly arch: string;
  /** The chosen CPU library has AMX kernels, and the processor runs them. */
  readonly hasAmx: boolean;
}

/** A tensor of the file. Offsets and sizes in bytes. */
export interface FileTensor {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly sizeBytes: number;
  /** Of its first byte in the file. */
  readonly offset: number;
  /** Which file of a split model, from 1. */
  readonly filePart: number;
}

/**
 * Tensor types rearranged at load, by processor. Source: `ggml_repack_get_optimal_repack_type` in
 * ggml/src/ggml-cpu/repack.cpp of llama.cpp v0.5.0 (AVX2 and AVX-512; NEON with dotprod or i8mm).
 */
const repackedTypes: Readonly<Record<string, readonly string[]>> = {
  x64: ['Q4_0', 'Q4_K', 'Q2_K', 'IQ4_NL', 'MXFP4', 'Q1_0'],
  arm64: ['Q4_0', 'Q4_K', 'Q5_K', 'Q6_K', 'Q8_0', 'IQ4_NL', 'MXFP4', 'Q1_0'],
};
/** Besides those, with AMX. Source: `supports_op` and `qtype_has_amx_kernels` in ggml/src/ggml-cpu/amx, same release. */
const amxTypes = ['F16', 'Q4_0', 'Q4_1', 'Q8_0', 'Q4_K', 'Q5_K', 'Q6_K', 'IQ4_XS'] as const;

/** The embedding is looked up, not multiplied; vectors are not matrices. */
const isCopied = ({ name, type, shape }: FileTensor, { arch, hasAmx }: CpuKernels): boolean =>
  shape.length > 1 &&
  name !== 'token_embd.weight' &&
  (repackedTypes[arch]?.includes(type) === true || (hasAmx && amxTypes.some((known) => known === type)));

/** Bytes of the tensors' data together. */
export const sumOfBytes = (tensors: readonly FileTensor[]): number =>
  tensors.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

/**
 * Whether to map the file into memory. On the CPU `auto` says no where a quarter of the weights or more is copied into
 * another layout, because the mapped pages then stay beside the copy (Q4_0 of 265 MB: 521 MB resident with, 305 MB
 * without). With a GPU it says yes: the pages are dropped after the upload.
 */
export const chooseMmap = (
  setting: EngineSettings['useMmap'],
  tensors: readonly FileTensor[],
  kernels: CpuKernels | 'gpu',
): boolean => {
  if (setting !== 'auto') return setting;
  if (kernels === 'gpu') return true;
  return sumOfBytes(tensors.filter((tensor) => isCopied(tensor, kernels))) < sumOfBytes(tensors) / 4;
};

/**
 * Bytes the weights take on the CPU when the file is mapped: the mapped stretch of each part from the first to the last tensor that
 * is used in place, and the copies beside it.
 * @param ownedBytes what they take without mapping, by llama.cpp's own simulation
 */
export const mappedWeightsBytes = (
  ownedBytes: number,
  tensors: readonly FileTensor[],
  kernels: CpuKernels,
): number => {
  const inPlace = tensors.filter((tensor) => !isCopied(tensor, kernels));
  const stretchOf = (part: readonly FileTensor[]): number =>
    Math.max(...part.map(({ offset, sizeBytes }) => offset + sizeBytes)) -
    Math.min(...part.map(({ offset }) => offset));
  const stretches = [...Map.groupBy(inPlace, ({ filePart }) => filePart).values()].map(stretchOf);
  return ownedBytes - sumOfBytes(inPlace) + stretches.reduce((sum, bytes) => sum + bytes, 0);
};
