import { z } from 'zod';
import type { Prompt } from '../../engine/engine.ts';
import type { Random } from '../../platform/ports.ts';
import type { GenerationCall } from '../call.ts';
import { toAdapters } from '../llama/lora.ts';
import type { ServedModel } from '../router/route-table.ts';
import { onlySupported } from '../parameters/only-supported.ts';
import { invalidValue, unsupportedParameter } from '../parameters/parameter-error.ts';
import { completionFormat } from './formats.ts';
import { generationShape, MAX_CHOICES, toSampling, toStop } from './sampling-parameters.ts';

/** OpenAI's default for this older route; chat has none. */
const DEFAULT_MAX_TOKENS = 16;

const tokens = z.array(z.number().int().min(0).max(16_777_215)).min(1).max(16_777_216);

/** Body of `POST /v1/completions`. */
export const completionRequestSchema = z.strictObject({
  ...generationShape,
  prompt: z.union([
    z.string(),
    z.array(z.string()).min(1).max(MAX_CHOICES),
    tokens,
    z.array(tokens).min(1).max(MAX_CHOICES),
  ]),
  logprobs: z.number().int().min(0).max(20).optional(),
  /** Only the value that changes nothing: the prompt is not sent back. */
  echo: onlySupported(
    z.boolean(),
    z.literal(false),
    'The prompt is not sent back: send false or leave it out',
  ).optional(),
  best_of: z.number().int().min(1).optional(),
  suffix: onlySupported(
    z.string(),
    z.literal(''),
    'Text after the answer belongs to /infill here: leave it out',
  ).optional(),
});
export type CompletionRequest = z.infer<typeof completionRequestSchema>;

const isNumbers = (value: readonly unknown[]): value is readonly number[] => typeof value[0] === 'number';

const toPrompts = (prompt: CompletionRequest['prompt']): readonly Prompt[] => {
  if (typeof prompt === 'string') return [{ type: 'text', text: prompt }];
  if (isNumbers(prompt)) return [{ type: 'tokens', tokens: prompt }];
  return prompt.map((item) =>
    typeof item === 'string' ? { type: 'text', text: item } : { type: 'tokens', tokens: item },
  );
};

/**
 * The call a completion request asks for: `n` answers per prompt, in the order OpenAI numbers them.
 * @throws AppError `gateway.invalid-value`, `gateway.unsupported-parameter`
 */
export const toCompletionCall = (
  request: CompletionRequest,
  model: ServedModel,
  random: Random,
): GenerationCall => {
  if (request.best_of !== undefined && request.best_of !== request.n) {
    throw unsupportedParameter(
      'best_of',
      'best_of is only accepted when it equals n.',
      'Ask for n answers and choose among them.',
    );
  }
  const prompts = toPrompts(request.prompt);
  if (prompts.length * request.n > MAX_CHOICES) {
    throw invalidValue(
      'n',
      `One request may ask for ${MAX_CHOICES} answers over all its prompts.`,
      'Send several requests.',
    );
  }
  const sampling = toSampling(request, model, random);
  const adapters = toAdapters(request.lora, model);
  return {
    type: 'generation',
    model,
    choices: prompts.flatMap((prompt, promptIndex) =>
      Array.from({ length: request.n }, (_, index) => ({
        request: {
          prompt,
          sampling: { ...sampling, seed: (sampling.seed + index) >>> 0 },
          maxTokens: request.max_tokens ?? DEFAULT_MAX_TOKENS,
          stop: toStop(request.stop),
          cachePrompt: request.cache_prompt ?? true,
          ignoreEos: request.ignore_eos ?? false,
          ...adapters,
          ...(request.grammar === undefined
            ? {}
            : { grammar: { type: 'gbnf' as const, text: request.grammar } }),
          ...(request.logprobs === undefined ? {} : { logprobs: { top: request.logprobs } }),
        },
        promptIndex,
        allowsParallelToolCalls: true,
      })),
    ),
    isStream: request.stream,
    format: completionFormat(request.stream_options?.include_usage ?? false),
  };
};
