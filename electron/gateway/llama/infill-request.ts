import { z } from 'zod';
import type { EngineReplica, Prompt } from '../../engine/engine.ts';
import type { Random } from '../../platform/ports.ts';
import type { GenerationCall } from '../call.ts';
import { generationShape, toSampling, toStop } from '../openai/sampling-parameters.ts';
import type { ServedModel } from '../router/route-table.ts';
import { fillMarksOf } from './fill-marks.ts';
import { llamaFormat } from './llama-format.ts';
import { toAdapters } from './lora.ts';

const { n: _n, stream_options: _options, max_tokens: maxTokens, ...shape } = generationShape;

/** Body of `POST /infill`, in llama.cpp's names. */
export const infillSchema = z.strictObject({
  ...shape,
  input_prefix: z.string().default(''),
  input_suffix: z.string().default(''),
  /** What the answer begins with, before the gap's end. */
  prompt: z.string().default(''),
  n_predict: z.union([z.literal(-1), maxTokens]).optional(),
});

const toPrompt = async (
  { input_prefix, input_suffix, prompt }: z.infer<typeof infillSchema>,
  replica: EngineReplica,
): Promise<Prompt> => {
  const { start, prefix, suffix, middle } = fillMarksOf(replica);
  const tokensOf = (text: string): Promise<readonly number[]> =>
    text === '' ? Promise.resolve([]) : replica.tokenize(text);
  return {
    type: 'tokens',
    tokens: [
      ...(start === undefined ? [] : [start]),
      prefix,
      ...(await tokensOf(input_prefix)),
      suffix,
      ...(await tokensOf(input_suffix)),
      middle,
      ...(await tokensOf(prompt)),
    ],
  };
};

/**
 * The text between two others: prefix, suffix, then the gap, in the tokens the model was taught.
 * @throws AppError `gateway.invalid-value`; its prompt, made once an engine is chosen, `gateway.unsupported-parameter` for a
 *   model without such tokens
 */
export const toInfillCall = (
  request: z.infer<typeof infillSchema>,
  model: ServedModel,
  random: Random,
): GenerationCall => ({
  type: 'generation',
  model,
  choices: [
    {
      request: {
        prompt: { type: 'text', text: '' },
        sampling: toSampling(request, model, random),
        maxTokens: request.n_predict === undefined || request.n_predict === -1 ? null : request.n_predict,
        stop: toStop(request.stop),
        cachePrompt: request.cache_prompt ?? true,
        ...toAdapters(request.lora, model),
        ignoreEos: request.ignore_eos ?? false,
        ...(request.grammar === undefined ? {} : { grammar: { type: 'gbnf', text: request.grammar } }),
      },
      toPrompt: (replica) => toPrompt(request, replica),
      promptIndex: 0,
      allowsParallelToolCalls: true,
    },
  ],
  isStream: request.stream,
  format: llamaFormat,
});
