import { z } from 'zod';
import { parseJson, silentPiece, type Dialect, type StreamPiece } from './dialect.ts';

const lineSchema = z.union([
  z.object({ error: z.string() }),
  z.object({
    message: z
      .object({
        content: z.string().default(''),
        thinking: z.string().nullish(),
        tool_calls: z.array(z.unknown()).nullish(),
      })
      .nullish(),
    done: z.boolean(),
    done_reason: z.string().nullish(),
    prompt_eval_count: z.number().nullish(),
    /** Durations are in nanoseconds. */
    prompt_eval_duration: z.number().nullish(),
    eval_count: z.number().nullish(),
    eval_duration: z.number().nullish(),
  }),
]);
type AnswerLine = Extract<z.infer<typeof lineSchema>, { done: boolean }>;

const milliseconds = (nanoseconds: number | null | undefined): number | null =>
  nanoseconds === null || nanoseconds === undefined ? null : nanoseconds / 1e6;

const endOf = (line: AnswerLine): Pick<StreamPiece, 'finishReason' | 'usage' | 'engine'> => ({
  finishReason: line.done_reason ?? 'stop',
  // a prompt that lies in the cache as a whole is left out of the count
  usage:
    typeof line.eval_count === 'number'
      ? { promptTokens: line.prompt_eval_count ?? 0, outputTokens: line.eval_count, cachedTokens: null }
      : null,
  engine: {
    promptMs: milliseconds(line.prompt_eval_duration),
    promptTokens: line.prompt_eval_count ?? null,
    decodeMs: milliseconds(line.eval_duration),
    decodeTokens: line.eval_count ?? null,
  },
});

/** Ollama's own `/api/chat`: one JSON document a line, the last one with the engine's times. */
export const ollama: Dialect = {
  name: 'ollama',
  framing: 'ndjson',
  tellsFinish: true,
  path: (base) => `${base.replace(/\/v1$/, '')}/api/chat`,
  body: ({ model, messages, maxTokens, seed }) => ({
    model,
    messages,
    stream: true,
    options: { temperature: 0, seed, num_predict: maxTokens },
  }),
  read: (data) => {
    const parsed = lineSchema.safeParse(parseJson(data));
    if (!parsed.success) return undefined;
    if ('error' in parsed.data) return { ...silentPiece, error: parsed.data.error };
    const line = parsed.data;
    const answer = line.message?.content ?? '';
    const hasThought = (line.message?.thinking ?? '') !== '' || (line.message?.tool_calls?.length ?? 0) > 0;
    return {
      ...silentPiece,
      hasToken: answer !== '' || hasThought,
      hasAnswer: answer !== '',
      answer,
      ...(line.done && endOf(line)),
    };
  },
};
