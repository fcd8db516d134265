import type { QuantType } from '../../shared/contract/models.ts';
import { AppError } from '../../shared/errors/app-error.ts';

const plain = (name: string, ftype: number, bitsPerWeight: number, note: string): QuantType => ({
  name,
  ftype,
  bitsPerWeight,
  needsImatrix: false,
  note,
});

/** llama.cpp refuses these without an importance matrix: the result would be noise. */
const withImatrix = (name: string, ftype: number, bitsPerWeight: number): QuantType => ({
  name,
  ftype,
  bitsPerWeight,
  needsImatrix: true,
  note: 'Needs an importance matrix: dyno models imatrix makes one.',
});

/**
 * Every type `llama_model_quantize` of llama.cpp v0.5.0 makes, from large to small.
 *
 * - `ftype`: `enum llama_ftype` in include/llama.h. 39 (NVFP4) can be loaded but not made.
 * - `bitsPerWeight`: of a whole Llama-3.1-8B file, from tools/quantize/README.md; where that table has no row, from the
 *   size in `llama-quantize --help`, else the bare block layout in ggml-common.h.
 * - `needsImatrix`: `tensor_requires_imatrix` in src/llama-quant.cpp, seen with a dry run over all types.
 * - Perplexities in the notes: Llama-3-8B on wikitext, from `llama-quantize --help`.
 */
export const quantTypes: readonly QuantType[] = [
  plain('F32', 0, 32, 'Exact, twice the size of F16; for conversion only.'),
  plain('BF16', 32, 16, '16 bits with the range of F32; fast on recent processors only.'),
  plain('F16', 1, 16, '16 bits, the usual reference.'),
  plain('Q8_0', 7, 8.5, 'Half of F16, hardly distinguishable from it (perplexity +0.003).'),
  plain('MXFP4_MOE', 38, 4.25, 'For mixture-of-experts models: experts in MXFP4, all else in Q8_0.'),
  plain('Q6_K', 18, 6.56, 'Very near Q8_0 at three quarters of its size (perplexity +0.02).'),
  plain('Q5_1', 9, 6.04, 'Older 5-bit type (perplexity +0.11); Q5_K_M is better.'),
  plain('Q5_K_M', 17, 5.7, 'Careful 5-bit mix (perplexity +0.06).'),
  plain('Q5_0', 8, 5.57, 'Older 5-bit type (perplexity +0.13).'),
  plain('Q5_K_S', 16, 5.57, '5-bit, the smaller mix (perplexity +0.10).'),
  plain('Q4_1', 3, 5.11, 'Older 4-bit type (perplexity +0.45); Q4_K_M is better.'),
  plain('Q4_K_M', 15, 4.89, 'The usual choice: 30 % of F16 (perplexity +0.18).'),
  plain('IQ4_NL', 25, 4.68, '4-bit with a non-linear grid, for rows that no K type divides.'),
  plain('Q4_K_S', 14, 4.67, '4-bit, the smaller mix (perplexity +0.27).'),
  plain('Q4_0', 2, 4.64, 'Oldest 4-bit type, the fastest on many processors (perplexity +0.47).'),
  plain('IQ4_XS', 30, 4.46, 'Smallest 4-bit type; slow on processors without AVX2.'),
  plain('Q3_K_L', 13, 4.3, '3-bit, the larger mix (perplexity +0.56).'),
  plain('Q3_K_M', 12, 4, '3-bit mix (perplexity +0.66).'),
  plain('IQ3_M', 27, 3.76, '3-bit with a learned grid, the larger mix.'),
  plain('IQ3_S', 26, 3.66, '3-bit with a learned grid.'),
  plain('Q3_K_S', 11, 3.64, '3-bit, the smaller mix (perplexity +1.63).'),
  withImatrix('IQ3_XS', 22, 3.5),
  withImatrix('IQ3_XXS', 23, 3.25),
  plain('Q2_K', 10, 3.16, 'Smallest K type that needs no importance matrix (perplexity +3.52).'),
  withImatrix('Q2_K_S', 21, 2.97),
  withImatrix('IQ2_M', 29, 2.93),
  withImatrix('IQ2_S', 28, 2.74),
  withImatrix('IQ2_XS', 20, 2.59),
  withImatrix('IQ2_XXS', 19, 2.38),
  plain('Q2_0', 41, 2.25, 'Two bits in groups of 64, for models trained so.'),
  withImatrix('IQ1_M', 31, 2.15),
  plain('TQ2_0', 37, 2.06, 'Ternary, for models trained so (BitNet, TriLM).'),
  withImatrix('IQ1_S', 24, 2),
  plain('TQ1_0', 36, 1.69, 'Ternary, packed tighter and slower than TQ2_0.'),
  plain('Q1_0', 40, 1.13, 'One bit, for models trained so.'),
];

/** Short names people type, as `llama-quantize` reads them. */
const aliases: Readonly<Record<string, string>> = {
  Q3_K: 'Q3_K_M',
  Q4_K: 'Q4_K_M',
  Q5_K: 'Q5_K_M',
  MXFP4: 'MXFP4_MOE',
};

/**
 * The type of that name, in any letter case, `Q4_K` for `Q4_K_M` included.
 * @throws AppError `app.bad-input` naming the types there are
 */
export const findQuantType = (name: string): QuantType => {
  const wanted = name.trim().toUpperCase().replaceAll('-', '_');
  const found = quantTypes.find((type) => type.name === (aliases[wanted] ?? wanted));
  if (found !== undefined) return found;
  const names = quantTypes.filter((type) => !type.needsImatrix).map((type) => type.name);
  throw new AppError('app.bad-input', `"${name}" is not a quantization type.`, {
    hint: `Choose one of ${names.join(', ')}.`,
    details: { param: 'type', choices: names },
  });
};
