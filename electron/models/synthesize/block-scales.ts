import type { TensorTypeName } from '../gguf/tensor-types.ts';

/** The types a block of random bits becomes a sane weight block of, once its scale is set. */
export type BlockTypeName = Exclude<
  TensorTypeName,
  'F32' | 'F16' | 'BF16' | 'F64' | 'I8' | 'I16' | 'I32' | 'I64' | 'Q8_1' | 'Q8_K'
>;

/**
 * Overwrites the scale of the block at byte `at` so that its values have deviation `std`; `sign` is ±1 by chance.
 * One-sided code books (Q4_0 holds −8..7) get the random sign, otherwise their mean of −0.5 steps makes the model
 * repeat one token.
 */
type SetScale = (view: DataView, at: number, std: number, sign: number) => void;

const half = (view: DataView, at: number, value: number): void => view.setFloat16(at, value, true);

const halfBits = (value: number): number => new Uint16Array(Float16Array.of(value).buffer).at(0) ?? 0;

/** Gives all eight 6-bit scales and mins of a Q4_K or Q5_K block the value `level` (layout: `get_scale_min_k4`). */
const packLevels = (view: DataView, at: number, level: number): void => {
  const low = (level & 63) | ((level >> 4) << 6);
  const both = (level & 15) | ((level & 15) << 4);
  for (let index = 0; index < 4; index += 1) {
    view.setUint8(at + index, low);
    view.setUint8(at + 4 + index, low);
    view.setUint8(at + 8 + index, both);
  }
};
const LEVEL = 48;

/** Grid types: f16 scale first; every pattern of grid indexes, signs and sub-scales is legal. */
const grid: SetScale = (view, at, std, sign) => half(view, at, (sign * std) / 40);

/** An unsigned float of 4 exponent and 3 mantissa bits, as NVFP4's scales (llama.cpp halves the value it reads). */
const ue4m3 = (value: number): number => {
  const exponent = Math.floor(Math.log2(value));
  if (exponent < -6) return Math.max(1, Math.min(7, Math.round(value * 512)));
  const mantissa = Math.min(7, Math.round((value / 2 ** exponent - 1) * 8));
  return (Math.min(exponent + 7, 14) << 3) | mantissa;
};

/** The divisors are the root mean square of each code book for uniform random bits. Layouts: ggml-common.h. */
export const blockScales: Readonly<Record<BlockTypeName, SetScale>> = {
  Q1_0: (view, at, std) => half(view, at, std),
  Q2_0: (view, at, std, sign) => half(view, at, (sign * std) / 1.22),
  Q4_0: (view, at, std, sign) => half(view, at, (sign * std) / 4.6),
  Q4_1: (view, at, std) => {
    half(view, at, std / 4.6);
    half(view, at + 2, (-7.5 * std) / 4.6);
  },
  Q5_0: (view, at, std, sign) => half(view, at, (sign * std) / 9.2),
  Q5_1: (view, at, std) => {
    half(view, at, std / 9.2);
    half(view, at + 2, (-15.5 * std) / 9.2);
  },
  Q8_0: (view, at, std) => half(view, at, std / 73.9),
  Q2_K: (view, at, std) => {
    for (let index = 0; index < 16; index += 1) view.setUint8(at + index, 0x88);
    half(view, at + 80, std / (1.12 * 8));
    half(view, at + 82, (1.5 * std) / (1.12 * 8));
  },
  Q3_K: (view, at, std, sign) => half(view, at + 108, (sign * std) / (2.3 * 18)),
  Q4_K: (view, at, std) => {
    half(view, at, std / (4.6 * LEVEL));
    half(view, at + 2, (7.5 * std) / (4.6 * LEVEL));
    packLevels(view, at + 4, LEVEL);
  },
  Q5_K: (view, at, std) => {
    half(view, at, std / (9.2 * LEVEL));
    half(view, at + 2, (15.5 * std) / (9.2 * LEVEL));
    packLevels(view, at + 4, LEVEL);
  },
  Q6_K: (view, at, std, sign) => {
    for (let index = 192; index < 208; index += 1) {
      view.setUint8(at + index, 64 + (view.getUint8(at + index) & 31));
    }
    half(view, at + 208, (sign * std) / (18.5 * 80));
  },
  IQ1_S: grid,
  IQ1_M: (view, at, std) => {
    const bits = halfBits(std / 10); // scattered over the top nibbles of the four scale words
    for (let index = 0; index < 4; index += 1) {
      const high = at + 48 + index * 2 + 1;
      const nibble = (bits >> (4 * index)) & 15;
      view.setUint8(high, (view.getUint8(high) & 0x0f) | (nibble << 4));
    }
  },
  IQ2_XXS: grid,
  IQ2_XS: grid,
  IQ2_S: grid,
  IQ3_XXS: grid,
  IQ3_S: grid,
  IQ4_NL: (view, at, std, sign) => half(view, at, (sign * std) / 67),
  IQ4_XS: (view, at, std, sign) => half(view, at, (sign * std) / (67 * 18)),
  TQ1_0: (view, at, std, sign) => half(view, at + 52, (sign * std) / 0.8),
  TQ2_0: (view, at, std, sign) => half(view, at + 64, (sign * std) / 0.8),
  MXFP4: (view, at, std) => {
    const exponent = Math.round(127 + Math.log2(std / 3));
    view.setUint8(at, Math.max(1, Math.min(254, exponent)));
  },
  NVFP4: (view, at, std) => {
    const scale = ue4m3(std / 2.93);
    for (let index = 0; index < 4; index += 1) view.setUint8(at + index, scale);
  },
};
