import { z } from 'zod';
import { parseJson, plainPrompt, silentPiece, type Dialect } from './dialect.ts';

const eventSchema = z.union([
  z.object({ error: z.string() }),
  z.object({ text_output: z.union([z.string(), z.array(z.string())]) }),
]);

/**
 * Triton's generate extension, `/v2/models/{model}/generate_stream`. Fields at the top are inputs of the TensorRT-LLM
 * ensemble, `parameters` those of the vLLM backend. It sends neither a finish reason nor a token count, so tokens are
 * counted by events.
 */
export const triton: Dialect = {
  name: 'triton',
  framing: 'sse',
  tellsFinish: false,
  path: (base, model) =>
    `${base.replace(/\/v[12]$/, '')}/v2/models/${encodeURIComponent(model)}/generate_stream`,
  body: ({ messages, maxTokens, seed, ignoreEos }) => ({
    text_input: plainPrompt(messages),
    max_tokens: maxTokens,
    stream: true,
    parameters: {
      stream: true,
      max_tokens: maxTokens,
      temperature: 0,
      seed,
      ...(ignoreEos && { ignore_eos: true }),
    },
  }),
  read: (data) => {
    const parsed = eventSchema.safeParse(parseJson(data));
    if (!parsed.success) return undefined;
    if ('error' in parsed.data) return { ...silentPiece, error: parsed.data.error };
    const output = parsed.data.text_output;
    const answer = typeof output === 'string' ? output : output.join('');
    return { ...silentPiece, hasToken: answer !== '', hasAnswer: answer !== '', answer };
  },
};
