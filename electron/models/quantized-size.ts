import type { ModelDetails, QuantType } from '../../shared/contract/models.ts';
import { fallbackType, findFileTypeByName } from './gguf/file-types.ts';
import { bitsPerElement, findTensorTypeByName } from './gguf/tensor-types.ts';

type Tensor = ModelDetails['tensors'][number];

/** What llama.cpp gives the output matrix (and a tied embedding) of any smaller type: Q6_K. */
const outputBits = 6.5625;
/** Q8_0, which MXFP4_MOE gives all but the experts. */
const q8Bits = 8.5;

const elementsOf = ({ shape }: Tensor): number => shape.reduce((product, size) => product * size, 1);

/** Bits per weight of one matrix in that recipe; rows no block divides fall back as in llama.cpp. */
const bitsOf = (tensor: Tensor, type: QuantType): number => {
  if (type.name === 'MXFP4_MOE') return tensor.name.includes('_exps') ? type.bitsPerWeight : q8Bits;
  const base = findTensorTypeByName(findFileTypeByName(type.name)?.baseType ?? 'F16');
  if (base === undefined) return type.bitsPerWeight;
  const rowElements = tensor.shape[0] ?? 0;
  if (rowElements % base.blockElements !== 0) {
    const fallback = findTensorTypeByName(fallbackType(base.name));
    return fallback === undefined ? 16 : Math.max(type.bitsPerWeight, bitsPerElement(fallback));
  }
  const isOutput = /^(output|token_embd)\.weight$/.test(tensor.name);
  return isOutput ? Math.max(type.bitsPerWeight, outputBits) : type.bitsPerWeight;
};

/**
 * Bytes the file will have after quantization to `type`, a little high rather than low: a plan for disk and memory,
 * not a promise. Vectors (norms, biases) keep their type. The test holds it within −8 % to +15 % of what
 * llama.cpp makes of the bundled model, whose embedding is a fifth of it.
 */
export const estimateQuantizedBytes = (
  { tensors, sizeBytes }: Pick<ModelDetails, 'tensors' | 'sizeBytes'>,
  type: QuantType,
): number => {
  const tensorBytes = tensors.reduce((sum, tensor) => sum + tensor.sizeBytes, 0);
  const headerBytes = Math.max(0, sizeBytes - tensorBytes);
  return tensors.reduce((sum, tensor) => {
    const isMatrix =
      tensor.shape.length > 1 && tensor.name.endsWith('.weight') && !tensor.name.includes('_norm');
    return sum + (isMatrix ? Math.ceil((elementsOf(tensor) * bitsOf(tensor, type)) / 8) : tensor.sizeBytes);
  }, headerBytes);
};
