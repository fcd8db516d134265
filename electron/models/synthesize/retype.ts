import { uint32 } from '../gguf/metadata.ts';
import { withEntries, layerOf, type Blueprint } from './blueprint.ts';
import { createQuantizerRecipe, type MatrixRole, type SynthesizedType } from './recipe.ts';
import type { PlannedTensor } from './tensor-plan.ts';

/**
 * Matrices llama.cpp's quantizer leaves as they are: small, and decisive for what they steer (llama-quant.cpp,
 * `tensor_allows_quantization`).
 */
const keptNames =
  /_norm|ffn_gate_inp|altup|laurel|per_layer_model_proj|pos_embd|token_types|ssm_conv1d|shortconv|time_mix_|attn_rel_b|\.ssm_[ad]/;

export const isQuantizable = ({ name, shape }: Pick<PlannedTensor, 'name' | 'shape'>): boolean =>
  shape.length > 1 && name.endsWith('.weight') && !keptNames.test(name);

const roleOf = (name: string, hasTiedOutput: boolean): MatrixRole => {
  if (name === 'output.weight' || (name === 'token_embd.weight' && hasTiedOutput)) return 'output';
  if (name === 'token_embd.weight') return 'embedding';
  return /attn_(v|qkv)|ffn_down/.test(name) ? 'sensitive' : 'layer';
};

/** The model with its matrices in another type: what a quantization of it would hold, rows that do not divide included. */
export const retype = (blueprint: Blueprint, type: SynthesizedType): Blueprint => {
  const recipe = createQuantizerRecipe(type, blueprint.layerCount);
  const hasTiedOutput = !blueprint.tensors.some(({ name }) => name === 'output.weight');
  return {
    ...blueprint,
    type,
    entries: withEntries(blueprint.entries, [['general.file_type', uint32(recipe.ftype)]]),
    tensors: blueprint.tensors.map((tensor) => {
      if (!isQuantizable(tensor)) return tensor;
      const role = roleOf(tensor.name, hasTiedOutput);
      return { ...tensor, type: recipe.typeFor(role, tensor.shape[0] ?? 1, layerOf(tensor.name) ?? 0) };
    }),
  };
};
