import { z } from 'zod';
import { errorPayloadSchema, sha256Schema } from './common.ts';
import { isWeighted } from './imatrix.ts';
import type { Model } from './models.ts';

/** waiting → making → made | failed; a new start of the run tries a failed one again. */
export const makeStateSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('waiting') }),
  /** `path` is free when the making begins: a file that lies there after a kill is the finished one. */
  z.object({ type: z.literal('making'), path: z.string() }),
  /** `isReused`: it was there before the run. */
  z.object({ type: z.literal('made'), isReused: z.boolean() }),
  z.object({ type: z.literal('failed'), error: errorPayloadSchema }),
]);
export type MakeState = z.infer<typeof makeStateSchema>;

/** The text whose importance matrix weighs a file. */
export const calibrationSchema = z.object({ path: z.string(), sha256: sha256Schema });
export type Calibration = z.infer<typeof calibrationSchema>;

/** A file the run makes of its first model before anything is measured. */
export const makeStepSchema = z.object({
  /** The quantization type. */
  type: z.string(),
  baseModelId: z.string(),
  calibration: calibrationSchema.optional(),
  /** The run's model it becomes: until it is made, the id the file is expected to get. */
  modelId: z.string(),
  state: makeStateSchema,
});
export type MakeStep = z.infer<typeof makeStepSchema>;

/** The type a model's label names; random weights and importance matrices are said behind it. */
export const labelledType = ({ quantization }: Pick<Model, 'quantization'>): string =>
  quantization.split(' ')[0] ?? quantization;

/** Whether `model` is a whole file of `type` that was made from `base`, with or without an importance matrix. */
export const isMadeOf = (model: Model, base: Pick<Model, 'id' | 'path'>, type: string): boolean =>
  labelledType(model) === type &&
  model.problem === null &&
  (model.derivedFrom === base.id || model.derivedFrom === base.path);

/** The whole file of `type` among `models` that was made from `base` without an importance matrix, if there is one. */
export const derivedModel = (
  models: readonly Model[],
  base: Pick<Model, 'id' | 'path'>,
  type: string,
): Model | undefined => models.find((model) => isMadeOf(model, base, type) && !isWeighted(model));
