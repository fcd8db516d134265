import { derivedModel } from '../../../../shared/contract/bench-make.ts';
import type { Model, QuantType } from '../../../../shared/contract/models.ts';

const unquantized: ReadonlySet<string> = new Set(['F32', 'BF16', 'F16']);

/** From nearly lossless to clearly lossy: what a first shoot-out makes. */
export const USUAL_TYPES = ['Q8_0', 'Q6_K', 'Q4_K_M', 'Q4_0', 'Q2_K'] as const;

/** The file others can be made of: the largest unquantized one among those chosen. */
export const sourceOf = (chosen: readonly Model[]): Model | undefined =>
  chosen
    .filter((model) => unquantized.has(model.quantization))
    .toSorted((a, b) => b.sizeBytes - a.sizeBytes)[0];

/** A type that can be ticked: how large its file is, and whether it is there. */
export interface TypeChoice {
  readonly type: QuantType;
  readonly sizeBytes: number;
  readonly isThere: boolean;
}

/** Types smaller than the source, as files of it; the smallest need a calibration text. */
export const typeChoices = (
  source: Model,
  types: readonly QuantType[],
  models: readonly Model[],
  hasCalibration: boolean,
): readonly TypeChoice[] =>
  types
    .filter((type) => type.bitsPerWeight < 16 && (hasCalibration || !type.needsImatrix))
    .map((type) => {
      // which text a weighted file was calibrated on is in its header: the host looks
      const there = hasCalibration ? undefined : derivedModel(models, source, type.name);
      return {
        type,
        sizeBytes: there?.sizeBytes ?? (source.parameterCount * type.bitsPerWeight) / 8,
        isThere: there !== undefined,
      };
    });

/** Bytes the missing files will take on disk. */
export const bytesToMake = (choices: readonly TypeChoice[], wished: readonly string[]): number =>
  choices
    .filter(({ type, isThere }) => wished.includes(type.name) && !isThere)
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
