import { fallbackType, fileTypes, type FileType } from '../gguf/file-types.ts';
import {
  findTensorTypeByName,
  tensorTypes,
  type TensorType,
  type TensorTypeName,
} from '../gguf/tensor-types.ts';
import type { WeightTypeName } from './fill-tensor.ts';

/** What a generated model can be stored in: one tensor type throughout, or one of llama.cpp's `_M` mixes. */
export type SynthesizedType = WeightTypeName | MixName;
export const mixNames = ['Q5_K_M', 'Q4_K_M', 'Q3_K_M'] as const;
type MixName = (typeof mixNames)[number];

/** Where a matrix stands in the model; mixes treat them differently. */
export type MatrixRole = 'embedding' | 'output' | 'layer' | 'sensitive';

export interface Recipe {
  readonly ftype: FileType['ftype'];
  /** Type of a matrix with rows of `rowElements`. `layer` counts from 0. */
  typeFor(role: MatrixRole, rowElements: number, layer: number): TensorType;
}

const mixes: Readonly<Record<MixName, { readonly base: WeightTypeName; readonly better: WeightTypeName }>> = {
  Q3_K_M: { base: 'Q3_K', better: 'Q5_K' },
  Q4_K_M: { base: 'Q4_K', better: 'Q6_K' },
  Q5_K_M: { base: 'Q5_K', better: 'Q6_K' },
};

const isMix = (type: SynthesizedType): type is MixName => type in mixes;

const typeNamed = (name: TensorTypeName): TensorType => findTensorTypeByName(name) ?? tensorTypes[0];

/** `name`, or what llama.cpp would take instead when rows do not divide into its blocks. */
const fitting = (name: TensorTypeName, rowElements: number): TensorType => {
  const wanted = typeNamed(name);
  if (rowElements % wanted.blockElements === 0) return wanted;
  const fallback = typeNamed(fallbackType(name));
  return rowElements % fallback.blockElements === 0 ? fallback : typeNamed('F16');
};

/** The plainest label of a pure type: Q4_K alone is what llama.cpp calls Q4_K_S. */
const pureFtype = (type: WeightTypeName): FileType['ftype'] => {
  if (type === 'IQ2_S') return 29; // its recipe is IQ2_M; IQ2_S names a mix of IQ2_XS
  return (
    (fileTypes.find((each) => each.name === type) ?? fileTypes.find((each) => each.baseType === type))
      ?.ftype ?? 1
  );
};

/**
 * What llama.cpp gives the output matrix (or a tied embedding) of a file in a plain type (llama-quant.cpp,
 * `llama_tensor_get_type_impl`): more bits than the rest, Q8_0 where rows do not divide.
 */
const outputType = (type: WeightTypeName, rowElements: number): TensorType => {
  if (type === 'F32' || type === 'F16' || type === 'BF16' || type === 'Q8_0')
    return fitting(type, rowElements);
  if (type === 'MXFP4' || rowElements % 256 !== 0) return fitting('Q8_0', rowElements);
  return typeNamed(/^IQ[12]|^IQ3_XXS/.test(type) ? 'Q5_K' : 'Q6_K');
};

/** A file as llama.cpp's quantizer makes it from the whole model: its plain types are not pure, the output is better. */
export const createQuantizerRecipe = (type: SynthesizedType, blockCount: number): Recipe => {
  const recipe = createRecipe(type, blockCount);
  if (isMix(type)) return recipe;
  return {
    ftype: recipe.ftype,
    typeFor: (role, rowElements, layer) =>
      role === 'output' ? outputType(type, rowElements) : recipe.typeFor(role, rowElements, layer),
  };
};

/** `_M` mixes as llama.cpp makes them: half of attn_v and ffn_down better, output in Q6_K. */
export const createRecipe = (type: SynthesizedType, blockCount: number): Recipe => {
  if (!isMix(type)) {
    return { ftype: pureFtype(type), typeFor: (_role, rowElements) => fitting(type, rowElements) };
  }
  const { base, better } = mixes[type];
  const eighth = Math.floor(blockCount / 8);
  const usesMoreBits = (layer: number) =>
    layer < eighth || layer >= Math.floor((7 * blockCount) / 8) || (layer - eighth) % 3 === 2;
  return {
    ftype: fileTypes.find((each) => each.name === type)?.ftype ?? 15,
    typeFor: (role, rowElements, layer) => {
      if (role === 'output') return fitting('Q6_K', rowElements);
      return fitting(role === 'sensitive' && usesMoreBits(layer) ? better : base, rowElements);
    },
  };
};
