/**
 * The storage types of ggml tensors: `blockElements` neighbours of a row share `blockBytes` bytes.
 * Source: `enum ggml_type` in ggml.h and the block structs in ggml-common.h of llama.cpp v0.5.0.
 */
export const tensorTypes = [
  { id: 0, name: 'F32', blockElements: 1, blockBytes: 4 },
  { id: 1, name: 'F16', blockElements: 1, blockBytes: 2 },
  { id: 2, name: 'Q4_0', blockElements: 32, blockBytes: 18 },
  { id: 3, name: 'Q4_1', blockElements: 32, blockBytes: 20 },
  { id: 6, name: 'Q5_0', blockElements: 32, blockBytes: 22 },
  { id: 7, name: 'Q5_1', blockElements: 32, blockBytes: 24 },
  { id: 8, name: 'Q8_0', blockElements: 32, blockBytes: 34 },
  { id: 9, name: 'Q8_1', blockElements: 32, blockBytes: 36 },
  { id: 10, name: 'Q2_K', blockElements: 256, blockBytes: 84 },
  { id: 11, name: 'Q3_K', blockElements: 256, blockBytes: 110 },
  { id: 12, name: 'Q4_K', blockElements: 256, blockBytes: 144 },
  { id: 13, name: 'Q5_K', blockElements: 256, blockBytes: 176 },
  { id: 14, name: 'Q6_K', blockElements: 256, blockBytes: 210 },
  { id: 15, name: 'Q8_K', blockElements: 256, blockBytes: 292 },
  { id: 16, name: 'IQ2_XXS', blockElements: 256, blockBytes: 66 },
  { id: 17, name: 'IQ2_XS', blockElements: 256, blockBytes: 74 },
  { id: 18, name: 'IQ3_XXS', blockElements: 256, blockBytes: 98 },
  { id: 19, name: 'IQ1_S', blockElements: 256, blockBytes: 50 },
  { id: 20, name: 'IQ4_NL', blockElements: 32, blockBytes: 18 },
  { id: 21, name: 'IQ3_S', blockElements: 256, blockBytes: 110 },
  { id: 22, name: 'IQ2_S', blockElements: 256, blockBytes: 82 },
  { id: 23, name: 'IQ4_XS', blockElements: 256, blockBytes: 136 },
  { id: 24, name: 'I8', blockElements: 1, blockBytes: 1 },
  { id: 25, name: 'I16', blockElements: 1, blockBytes: 2 },
  { id: 26, name: 'I32', blockElements: 1, blockBytes: 4 },
  { id: 27, name: 'I64', blockElements: 1, blockBytes: 8 },
  { id: 28, name: 'F64', blockElements: 1, blockBytes: 8 },
  { id: 29, name: 'IQ1_M', blockElements: 256, blockBytes: 56 },
  { id: 30, name: 'BF16', blockElements: 1, blockBytes: 2 },
  { id: 34, name: 'TQ1_0', blockElements: 256, blockBytes: 54 },
  { id: 35, name: 'TQ2_0', blockElements: 256, blockBytes: 66 },
  { id: 39, name: 'MXFP4', blockElements: 32, blockBytes: 17 },
  { id: 40, name: 'NVFP4', blockElements: 64, blockBytes: 36 },
  { id: 41, name: 'Q1_0', blockElements: 128, blockBytes: 18 },
  { id: 42, name: 'Q2_0', blockElements: 64, blockBytes: 18 },
] as const satisfies readonly {
  readonly id: number;
  readonly name: string;
  readonly blockElements: number;
  readonly blockBytes: number;
}[];

export type TensorType = (typeof tensorTypes)[number];
export type TensorTypeName = TensorType['name'];

/** Ids that once stood for a type llama.cpp has since dropped; such a file has to be made anew. */
const removedTypes: ReadonlyMap<number, string> = new Map([
  [4, 'Q4_2'],
  [5, 'Q4_3'],
  [31, 'Q4_0_4_4'],
  [32, 'Q4_0_4_8'],
  [33, 'Q4_0_8_8'],
  [36, 'IQ4_NL_4_4'],
  [37, 'IQ4_NL_4_8'],
  [38, 'IQ4_NL_8_8'],
]);

const typesById: ReadonlyMap<number, TensorType> = new Map(tensorTypes.map((type) => [type.id, type]));
const typesByName: ReadonlyMap<string, TensorType> = new Map(tensorTypes.map((type) => [type.name, type]));

export const findTensorType = (id: number): TensorType | undefined => typesById.get(id);

export const findTensorTypeByName = (name: string): TensorType | undefined => typesByName.get(name);

/** Name of a type llama.cpp no longer reads; `undefined` for an id that never was one. */
export const findRemovedType = (id: number): string | undefined => removedTypes.get(id);

/** Bits per weight of a type, from its block layout: Q4_K is 144 × 8 / 256 = 4.5. */
export const bitsPerElement = (type: TensorType): number => (type.blockBytes * 8) / type.blockElements;
