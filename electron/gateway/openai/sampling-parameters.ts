import { z } from 'zod';
import type { Sampling } from '../../engine/engine.ts';
import type { Random } from '../../platform/ports.ts';
import { loraSchema } from '../llama/lora.ts';
import { factsOf, type ServedModel } from '../router/route-table.ts';
import { onlySupported } from '../parameters/only-supported.ts';
import { invalidValue } from '../parameters/parameter-error.ts';

/** Highest number of answers one request may ask for over all its prompts. */
export const MAX_CHOICES = 16;
const MAX_TOKENS = 16_777_216;

const tokenCount = z.number().int().min(1).max(MAX_TOKENS);

/**
 * Parameters that chat and text completions share; every number is bounded before it can reach native code. Names of
 * OpenAI first, then those llama.cpp and vLLM added and clients use.
 */
export const generationShape = {
  model: z.string().min(1).max(512).optional(),
  stream: z.boolean().default(false),
  stream_options: z.strictObject({ include_usage: z.boolean().default(false) }).optional(),
  max_tokens: tokenCount.optional(),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.number().int().min(-1).max(1_000_000).optional(),
  min_p: z.number().min(0).max(1).optional(),
  typical_p: z.number().min(0).max(1).optional(),
  presence_penalty: z.number().min(-2).max(2).optional(),
  frequency_penalty: z.number().min(-2).max(2).optional(),
  repeat_penalty: z.number().gt(0).max(10).optional(),
  repetition_penalty: z.number().gt(0).max(10).optional(),
  repeat_last_n: z.number().int().min(0).max(131_072).optional(),
  seed: z.number().int().optional(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(16)]).optional(),
  logit_bias: z.record(z.string().regex(/^\d{1,9}$/u), z.number().min(-100).max(100)).optional(),
  n: z.number().int().min(1).max(MAX_CHOICES).default(1),
  grammar: z.string().min(1).max(262_144).optional(),
  ignore_eos: z.boolean().optional(),
  cache_prompt: z.boolean().optional(),
  lora: loraSchema.optional(),
  /** Who asked, for OpenAI's abuse checks: nothing depends on it here. */
  user: z.string().max(512).optional(),
} as const;

type GenerationParameters = z.output<z.ZodObject<typeof generationShape>>;

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'] as const;
export const reasoningEffort = onlySupported(
  z.enum([...efforts, 'max']),
  z.enum(efforts),
  'The most that can be asked of a model here is xhigh',
);

/** A price class: one that promises to be faster or cheaper is refused. */
export const serviceTier = onlySupported(
  z.enum(['auto', 'default', 'flex', 'scale', 'priority', 'fast']),
  z.enum(['auto', 'default']),
  "A key's tier decides here: send auto or leave it out",
);

/** Of any dialect, in OpenAI's and llama.cpp's names. */
export type SamplingParameters = Partial<GenerationParameters>;

const onlyOne = (
  left: readonly [string, number | undefined],
  right: readonly [string, number | undefined],
): number | undefined => {
  if (left[1] !== undefined && right[1] !== undefined && left[1] !== right[1]) {
    throw invalidValue(right[0], `${left[0]} and ${right[0]} say different things.`, `Send ${left[0]} only.`);
  }
  return left[1] ?? right[1];
};

/** `max_completion_tokens`, or its older name. */
export const chosenMaxTokens = (newer: number | undefined, older: number | undefined): number | undefined =>
  onlyOne(['max_completion_tokens', newer], ['max_tokens', older]);

/** A new seed, 0..2^32 − 1. */
export const randomSeed = (random: Random): number => {
  const bytes = random.bytes(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
};

/**
 * OpenAI's defaults: temperature 1, top_p 1, no penalties, and nothing else at work. A seed is taken modulo 2^32, so
 * negative and longer ones are honoured, too.
 * @throws AppError `gateway.invalid-value` for two names of one parameter that differ, and for a foreign token
 */
export const toSampling = (parameters: SamplingParameters, model: ServedModel, random: Random): Sampling => {
  const vocabularySize = factsOf(model)?.vocabularySize ?? Infinity;
  const foreign = Object.keys(parameters.logit_bias ?? {}).find((token) => Number(token) >= vocabularySize);
  if (foreign !== undefined) {
    throw invalidValue(
      `logit_bias.${foreign}`,
      `Token ${foreign} is outside this model's ${vocabularySize} tokens.`,
      "Use this model's token ids: those of other models' tokenizers mean other words here.",
    );
  }
  const repeatPenalty = onlyOne(
    ['repeat_penalty', parameters.repeat_penalty],
    ['repetition_penalty', parameters.repetition_penalty],
  );
  return {
    temperature: parameters.temperature ?? 1,
    topK: Math.max(0, parameters.top_k ?? 0),
    typicalP: parameters.typical_p ?? 1,
    topP: parameters.top_p ?? 1,
    minP: parameters.min_p ?? 0,
    repeatPenalty: repeatPenalty ?? 1,
    repeatLastN: parameters.repeat_last_n ?? 64,
    frequencyPenalty: parameters.frequency_penalty ?? 0,
    presencePenalty: parameters.presence_penalty ?? 0,
    seed: parameters.seed === undefined ? randomSeed(random) : parameters.seed >>> 0,
    logitBias: parameters.logit_bias ?? {},
  };
};

/** OpenAI's `stop`, a string or a list, as a list. */
export const toStop = (stop: GenerationParameters['stop']): readonly string[] =>
  stop === undefined ? [] : typeof stop === 'string' ? [stop] : stop;
