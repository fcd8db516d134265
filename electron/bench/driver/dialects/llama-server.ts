import { z } from 'zod';
import { parseJson, plainPrompt, silentPiece, type Dialect } from './dialect.ts';

const eventSchema = z.union([
  z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) }),
  z.object({
    content: z.string(),
    stop: z.boolean(),
    /** `eos`, `limit` or `word`; `none` while it goes on. */
    stop_type: z.string().nullish(),
    tokens_evaluated: z.number().nullish(),
    tokens_predicted: z.number().nullish(),
    timings: z
      .object({
        cache_n: z.number().nullish(),
        prompt_n: z.number(),
        prompt_ms: z.number(),
        predicted_n: z.number(),
        predicted_ms: z.number(),
      })
      .nullish(),
  }),
]);
type FinalEvent = Extract<z.infer<typeof eventSchema>, { stop: boolean }>;

const usageOf = ({ tokens_evaluated: prompt, tokens_predicted: output, timings }: FinalEvent) => {
  if (typeof prompt !== 'number' || typeof output !== 'number') return null;
  // prompt_n counts the newly processed tokens only, so the rest came out of the cache
  const cachedTokens = timings?.cache_n ?? (timings ? Math.max(0, prompt - timings.prompt_n) : null);
  return { promptTokens: prompt, outputTokens: output, cachedTokens };
};

/** llama-server's own `/completion`: its last event tells the engine's times of prompt and answer. */
export const llamaServer: Dialect = {
  name: 'llama-server',
  framing: 'sse',
  tellsFinish: true,
  path: (base) => `${base.replace(/\/v1$/, '')}/completion`,
  body: ({ messages, maxTokens, seed, ignoreEos, cachePrompt }) => ({
    prompt: plainPrompt(messages),
    n_predict: maxTokens,
    stream: true,
    temperature: 0,
    seed,
    ignore_eos: ignoreEos,
    cache_prompt: cachePrompt ?? false,
  }),
  read: (data) => {
    const parsed = eventSchema.safeParse(parseJson(data));
    if (!parsed.success) return undefined;
    if ('error' in parsed.data) {
      const { error } = parsed.data;
      return { ...silentPiece, error: typeof error === 'string' ? error : error.message };
    }
    const { content, stop, stop_type: stopType, timings } = parsed.data;
    return {
      ...silentPiece,
      hasToken: content !== '',
      hasAnswer: content !== '',
      answer: content,
      finishReason: stop ? (stopType ?? 'stop') : null,
      usage: stop ? usageOf(parsed.data) : null,
      engine:
        stop && timings
          ? {
              promptMs: timings.prompt_ms,
              promptTokens: timings.prompt_n,
              decodeMs: timings.predicted_ms,
              decodeTokens: timings.predicted_n,
            }
          : null,
    };
  },
};
