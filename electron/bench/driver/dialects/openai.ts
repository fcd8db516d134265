import { z } from 'zod';
import {
  parseJson,
  plainPrompt,
  silentPiece,
  type Dialect,
  type StreamPiece,
  type WireRequest,
} from './dialect.ts';

/** The parts of an OpenAI-style stream chunk that are measured, for chat and for plain completions alike. */
const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.string().nullish(),
            reasoning_content: z.string().nullish(),
            reasoning: z.string().nullish(),
            tool_calls: z.array(z.unknown()).nullish(),
          })
          .nullish(),
        text: z.string().nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: z
    .object({
      prompt_tokens: z.number(),
      completion_tokens: z.number(),
      prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
    })
    .nullish(),
  /** llama-server adds its own times to the last chunk. */
  timings: z
    .object({
      cache_n: z.number().nullish(),
      prompt_n: z.number(),
      prompt_ms: z.number(),
      predicted_n: z.number(),
      predicted_ms: z.number(),
    })
    .nullish(),
  error: z.union([z.string(), z.object({ message: z.string() })]).nullish(),
});

const usageOf = ({ usage, timings }: z.infer<typeof chunkSchema>): StreamPiece['usage'] =>
  usage === null || usage === undefined
    ? null
    : {
        promptTokens: usage.prompt_tokens,
        outputTokens: usage.completion_tokens,
        // vLLM tells it only with --enable-prompt-tokens-details, llama-server in its timings
        cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? timings?.cache_n ?? null,
      };

export const timingsOf = (timings: z.infer<typeof chunkSchema>['timings']): StreamPiece['engine'] =>
  timings === null || timings === undefined
    ? null
    : {
        promptMs: timings.prompt_ms,
        promptTokens: timings.prompt_n,
        decodeMs: timings.predicted_ms,
        decodeTokens: timings.predicted_n,
      };

const errorOf = (error: z.infer<typeof chunkSchema>['error']): string | null =>
  typeof error === 'string' ? error : (error?.message ?? null);

const readChunk = (data: string): StreamPiece | undefined => {
  if (data === '[DONE]') return silentPiece;
  const parsed = chunkSchema.safeParse(parseJson(data));
  if (!parsed.success) return undefined;
  const choice = parsed.data.choices[0];
  const delta = choice?.delta;
  const answer = delta?.content ?? choice?.text ?? '';
  const thought = delta?.reasoning_content ?? delta?.reasoning ?? '';
  return {
    hasToken: answer !== '' || thought !== '' || (delta?.tool_calls?.length ?? 0) > 0,
    hasAnswer: answer !== '',
    answer,
    finishReason: choice?.finish_reason ?? null,
    usage: usageOf(parsed.data),
    engine: timingsOf(parsed.data.timings),
    error: errorOf(parsed.data.error),
  };
};

const commonBody = ({ model, maxTokens, seed, ignoreEos, cachePrompt }: WireRequest) => ({
  model,
  stream: true,
  stream_options: { include_usage: true },
  max_tokens: maxTokens,
  temperature: 0,
  seed,
  ...(ignoreEos && { ignore_eos: true }),
  ...(cachePrompt !== undefined && { cache_prompt: cachePrompt }),
});

/** `/v1/chat/completions`: Dyno, vLLM, SGLang, TensorRT-LLM, Triton’s OpenAI front end, TGI, llama-server, Ollama, LM Studio. */
export const openAiChat: Dialect = {
  name: 'openai-chat',
  framing: 'sse',
  tellsFinish: true,
  path: (base) => `${base}/chat/completions`,
  body: (request) => ({ messages: request.messages, ...commonBody(request) }),
  read: readChunk,
};

/** `/v1/completions`, for models without a chat template. */
export const openAiCompletion: Dialect = {
  name: 'openai-completion',
  framing: 'sse',
  tellsFinish: true,
  path: (base) => `${base}/completions`,
  body: (request) => ({ prompt: plainPrompt(request.messages), ...commonBody(request) }),
  read: readChunk,
};
