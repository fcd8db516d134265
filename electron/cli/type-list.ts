/** Quantization types as a person writes them: `Q8_0,Q4_K_M`. */
export const typeList = (value: string): readonly string[] =>
  value
    .split(',')
    .map((type) => type.trim())
    .filter((type) => type !== '');
