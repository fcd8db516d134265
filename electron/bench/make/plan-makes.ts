import { basename } from 'node:path';
import { labelledType, type Calibration, type MakeStep } from '../../../shared/contract/bench-make.ts';
import { imatrixLabel } from '../../../shared/contract/imatrix.ts';
import type { Model } from '../../../shared/contract/models.ts';
import { findQuantType, quantizedName } from '../../models/index.ts';

export interface PlannedMakes {
  readonly makes: readonly MakeStep[];
  /** The model of each step: the file that is there, or what it is expected to become. */
  readonly models: readonly Model[];
}

const expectedId = (base: Model, type: string, isWeighted: boolean): string =>
  basename(quantizedName(base, type, isWeighted)).replace(/\.gguf$/, '');

/** The file as far as it is known before it is made: size and bits per weight from the type's usual recipe. */
const expectedModel = (base: Model, type: string, isWeighted: boolean): Model => {
  const { bitsPerWeight } = findQuantType(type);
  return {
    ...base,
    id: expectedId(base, type, isWeighted),
    path: '',
    parts: [],
    quantization: isWeighted ? `${type} ${imatrixLabel}` : type,
    bitsPerWeight,
    sizeBytes: (base.parameterCount * bitsPerWeight) / 8,
    tensorTypes: {},
    sha256: null,
    derivedFrom: base.id,
  };
};

/**
 * Which of the wished types are there and which have to be made of `base`, in the order of the wish. The base's own
 * type is the base.
 * @param find the file of a type that was made from the base earlier, with the importance matrix of that text if there is one
 * @throws AppError `app.bad-input` for a type nobody knows
 */
export const planMakes = async (
  base: Model,
  wished: readonly string[],
  find: (type: string) => Promise<Model | undefined>,
  calibration?: Calibration,
): Promise<PlannedMakes> => {
  const types = new Set(wished.map((name) => findQuantType(name).name));
  types.delete(labelledType(base));
  const makes: MakeStep[] = [];
  const models: Model[] = [];
  for (const type of types) {
    const known = await find(type);
    const model = known ?? expectedModel(base, type, calibration !== undefined);
    models.push(model);
    makes.push({
      type,
      baseModelId: base.id,
      modelId: model.id,
      ...(calibration !== undefined && { calibration }),
      state: known === undefined ? { type: 'waiting' } : { type: 'made', isReused: true },
    });
  }
  return { makes, models };
};
