import { z } from 'zod';
import type { Sampling } from '../../engine/engine.ts';
import type { Random } from '../../platform/ports.ts';
import { toSampling } from '../openai/sampling-parameters.ts';
import { onlySupported } from '../parameters/only-supported.ts';
import { unsupportedParameter } from '../parameters/parameter-error.ts';
import { factsOf, type ServedModel } from '../router/route-table.ts';

const off = (advice: string): string => `Only its neutral value: ${advice}`;

/** Ollama's `options`. What is fixed when a model loads (`num_gpu`, `num_thread`…) is not among them. */
export const optionsSchema = z.strictObject({
  num_ctx: z.number().int().min(1).max(16_777_216).optional(),
  /** −1 and −2: until the context is full. */
  num_predict: z.number().int().min(-2).max(16_777_216).optional(),
  temperature: z.number().min(0).max(2).optional(),
  top_k: z.number().int().min(0).max(1_000_000).optional(),
  top_p: z.number().min(0).max(1).optional(),
  min_p: z.number().min(0).max(1).optional(),
  typical_p: z.number().min(0).max(1).optional(),
  repeat_penalty: z.number().gt(0).max(10).optional(),
  repeat_last_n: z.number().int().min(-1).max(131_072).optional(),
  presence_penalty: z.number().min(-2).max(2).optional(),
  frequency_penalty: z.number().min(-2).max(2).optional(),
  seed: z.number().int().optional(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(16)]).optional(),
  tfs_z: onlySupported(z.number(), z.literal(1), off('use top_p or min_p')).optional(),
  mirostat: onlySupported(z.literal([0, 1, 2]), z.literal(0), off('use top_p or min_p')).optional(),
  penalize_newline: onlySupported(
    z.boolean(),
    z.literal(true),
    off('newlines are penalised like any token'),
  ).optional(),
});
export type OllamaOptions = z.infer<typeof optionsSchema>;

/**
 * Sampling with Ollama's own defaults (temperature 0.8, top_k 40, top_p 0.9, repeat_penalty 1.1), which programs written
 * for it count on.
 */
export const toOllamaSampling = (options: OllamaOptions, model: ServedModel, random: Random): Sampling => {
  const wholeContext = factsOf(model)?.contextSize ?? 131_072;
  return toSampling(
    {
      temperature: options.temperature ?? 0.8,
      top_k: options.top_k ?? 40,
      top_p: options.top_p ?? 0.9,
      min_p: options.min_p ?? 0,
      typical_p: options.typical_p,
      repeat_penalty: options.repeat_penalty ?? 1.1,
      repeat_last_n: options.repeat_last_n === -1 ? wholeContext : (options.repeat_last_n ?? 64),
      presence_penalty: options.presence_penalty,
      frequency_penalty: options.frequency_penalty,
      seed: options.seed,
    },
    model,
    random,
  );
};

/** Tokens the answer may have; `null`: until the context is full. */
export const toMaxTokens = ({ num_predict: asked }: OllamaOptions): number | null =>
  asked === undefined || asked <= 0 ? null : asked;

/**
 * What to say about `num_ctx`: the context is fixed while the model is loaded.
 * @throws AppError `gateway.unsupported-parameter` when more is asked for than there is
 */
export const contextWarning = ({ num_ctx: asked }: OllamaOptions, model: ServedModel): readonly string[] => {
  const contextSize = factsOf(model)?.contextSize;
  if (asked === undefined || contextSize === undefined || asked === contextSize) return [];
  if (asked < contextSize)
    return [`options.num_ctx is ${asked}, the context of the loaded model stays ${contextSize}.`];
  throw unsupportedParameter(
    'options.num_ctx',
    `The model is loaded with a context of ${contextSize} tokens, not ${asked}.`,
    `Start the server with --context ${asked}, or ask for at most ${contextSize}.`,
  );
};
