import { z } from 'zod';
import { parseJson, plainPrompt, silentPiece, type Dialect } from './dialect.ts';

const eventSchema = z.union([
  z.object({ error: z.string() }),
  z.object({
    token: z.object({ text: z.string(), special: z.boolean().default(false) }),
    details: z
      .object({
        finish_reason: z.string(),
        generated_tokens: z.number(),
        input_length: z.number().nullish(),
      })
      .nullish(),
  }),
]);

/** Text Generation Inference's own `/generate_stream`: one event per token, the last one with details. */
export const tgi: Dialect = {
  name: 'tgi',
  framing: 'sse',
  tellsFinish: true,
  path: (base) => `${base.replace(/\/v1$/, '')}/generate_stream`,
  body: ({ messages, maxTokens, seed }) => ({
    inputs: plainPrompt(messages),
    parameters: { max_new_tokens: maxTokens, do_sample: false, seed, details: true },
  }),
  read: (data) => {
    const parsed = eventSchema.safeParse(parseJson(data));
    if (!parsed.success) return undefined;
    if ('error' in parsed.data) return { ...silentPiece, error: parsed.data.error };
    const { token, details } = parsed.data;
    return {
      ...silentPiece,
      hasToken: true, // a special token has no text but cost a step like any other
      hasAnswer: !token.special && token.text !== '',
      answer: token.special ? '' : token.text,
      finishReason: details?.finish_reason ?? null,
      usage:
        details?.input_length === undefined || details.input_length === null
          ? null
          : {
              promptTokens: details.input_length,
              outputTokens: details.generated_tokens,
              cachedTokens: null,
            },
    };
  },
};
