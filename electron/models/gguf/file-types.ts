import type { TensorTypeName } from './tensor-types.ts';

/**
 * The recipes of llama.cpp by `general.file_type`: the label people know, and the tensor type most matrices get.
 * Source: `enum llama_ftype` in llama.h and `llama_ftype_get_default_type` in llama-quant.cpp of llama.cpp v0.5.0.
 * 4, 5, 6 and 33 to 35 were removed upstream.
 */
export const fileTypes = [
  { ftype: 0, name: 'F32', baseType: 'F32' },
  { ftype: 1, name: 'F16', baseType: 'F16' },
  { ftype: 2, name: 'Q4_0', baseType: 'Q4_0' },
  { ftype: 3, name: 'Q4_1', baseType: 'Q4_1' },
  { ftype: 7, name: 'Q8_0', baseType: 'Q8_0' },
  { ftype: 8, name: 'Q5_0', baseType: 'Q5_0' },
  { ftype: 9, name: 'Q5_1', baseType: 'Q5_1' },
  { ftype: 10, name: 'Q2_K', baseType: 'Q2_K' },
  { ftype: 11, name: 'Q3_K_S', baseType: 'Q3_K' },
  { ftype: 12, name: 'Q3_K_M', baseType: 'Q3_K' },
  { ftype: 13, name: 'Q3_K_L', baseType: 'Q3_K' },
  { ftype: 14, name: 'Q4_K_S', baseType: 'Q4_K' },
  { ftype: 15, name: 'Q4_K_M', baseType: 'Q4_K' },
  { ftype: 16, name: 'Q5_K_S', baseType: 'Q5_K' },
  { ftype: 17, name: 'Q5_K_M', baseType: 'Q5_K' },
  { ftype: 18, name: 'Q6_K', baseType: 'Q6_K' },
  { ftype: 19, name: 'IQ2_XXS', baseType: 'IQ2_XXS' },
  { ftype: 20, name: 'IQ2_XS', baseType: 'IQ2_XS' },
  { ftype: 21, name: 'Q2_K_S', baseType: 'Q2_K' },
  { ftype: 22, name: 'IQ3_XS', baseType: 'IQ3_S' },
  { ftype: 23, name: 'IQ3_XXS', baseType: 'IQ3_XXS' },
  { ftype: 24, name: 'IQ1_S', baseType: 'IQ1_S' },
  { ftype: 25, name: 'IQ4_NL', baseType: 'IQ4_NL' },
  { ftype: 26, name: 'IQ3_S', baseType: 'IQ3_S' },
  { ftype: 27, name: 'IQ3_M', baseType: 'IQ3_S' },
  { ftype: 28, name: 'IQ2_S', baseType: 'IQ2_XS' },
  { ftype: 29, name: 'IQ2_M', baseType: 'IQ2_S' },
  { ftype: 30, name: 'IQ4_XS', baseType: 'IQ4_XS' },
  { ftype: 31, name: 'IQ1_M', baseType: 'IQ1_M' },
  { ftype: 32, name: 'BF16', baseType: 'BF16' },
  { ftype: 36, name: 'TQ1_0', baseType: 'TQ1_0' },
  { ftype: 37, name: 'TQ2_0', baseType: 'TQ2_0' },
  { ftype: 38, name: 'MXFP4_MOE', baseType: 'MXFP4' },
  { ftype: 39, name: 'NVFP4', baseType: 'NVFP4' },
  { ftype: 40, name: 'Q1_0', baseType: 'Q1_0' },
  { ftype: 41, name: 'Q2_0', baseType: 'Q2_0' },
] as const satisfies readonly {
  readonly ftype: number;
  readonly name: string;
  readonly baseType: TensorTypeName;
}[];

export type FileType = (typeof fileTypes)[number];

/** llama.cpp sets this bit when it guessed the type from the tensors. */
const GUESSED = 1024;

export const findFileType = (ftype: number): FileType | undefined =>
  fileTypes.find((each) => each.ftype === (ftype & ~GUESSED));

/** By label, in any letter case: `q4_k_m` is `Q4_K_M`. */
export const findFileTypeByName = (name: string): FileType | undefined => {
  const wanted = name.toUpperCase();
  return fileTypes.find((each) => each.name === wanted);
};

/**
 * What llama.cpp takes for a matrix whose rows `type` cannot cut into whole blocks (llama-quant.cpp,
 * `tensor_type_fallback`), before F16 as the last resort.
 */
export const fallbackType = (type: TensorTypeName): TensorTypeName => {
  switch (type) {
    case 'IQ1_S':
    case 'IQ1_M':
    case 'IQ2_XXS':
    case 'IQ2_XS':
    case 'IQ2_S':
    case 'IQ3_XXS':
    case 'IQ3_S':
    case 'IQ4_XS':
      return 'IQ4_NL';
    case 'Q2_0':
    case 'Q2_K':
    case 'Q3_K':
    case 'TQ1_0':
    case 'TQ2_0':
      return 'Q4_0';
    case 'Q4_K':
      return 'Q5_0';
    case 'Q5_K':
      return 'Q5_1';
    case 'Q6_K':
      return 'Q8_0';
    default:
      return 'F16';
  }
};
