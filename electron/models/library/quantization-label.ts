import { findFileType, fallbackType } from '../gguf/file-types.ts';
import type { GgufTensor } from '../gguf/read-tensors.ts';
import type { TensorTypeName } from '../gguf/tensor-types.ts';

/** Below this share of the weights, a type is an ingredient and not what the file is made of. */
const LEAST_SHARE = 0.05;

/** Weights per type, over matrices only: norms and biases stay F32 in every file. */
const sharesByType = (tensors: readonly GgufTensor[]): ReadonlyMap<TensorTypeName, number> => {
  const matrices = tensors.filter(({ shape }) => shape.length > 1);
  const total = matrices.reduce((sum, { elementCount }) => sum + elementCount, 0);
  const shares = new Map<TensorTypeName, number>();
  for (const { type, elementCount } of matrices) {
    shares.set(type.name, (shares.get(type.name) ?? 0) + elementCount / total);
  }
  return shares;
};

/**
 * The label people know a file by. `general.file_type` counts while its base type, or what llama.cpp falls back to for
 * rows that type cannot hold, makes up a twentieth of the weights; where it is missing or says otherwise, the type that
 * most weights have is the label.
 */
export const quantizationLabel = (ftype: number | undefined, tensors: readonly GgufTensor[]): string => {
  const shares = sharesByType(tensors);
  const claimed = ftype === undefined ? undefined : findFileType(ftype);
  if (claimed !== undefined) {
    const share = (shares.get(claimed.baseType) ?? 0) + (shares.get(fallbackType(claimed.baseType)) ?? 0);
    const isFloat = claimed.baseType === 'F32' || claimed.baseType === 'F16' || claimed.baseType === 'BF16';
    const own = shares.get(claimed.baseType) ?? 0;
    if ((isFloat ? own : share) >= LEAST_SHARE) return claimed.name;
  }
  const [main] = [...shares].toSorted(([, a], [, b]) => b - a);
  return main === undefined ? 'unknown' : main[0];
};
