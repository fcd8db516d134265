import { z } from 'zod';

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
  error: z.object({ message: z.string() }).nullish(),
});

export interface ChatChunk {
  /** Holds generated text in any channel: content, reasoning or tool arguments. */
  readonly hasToken: boolean;
  /** Holds a piece of the answer itself. */
  readonly hasAnswer: boolean;
  readonly finishReason: string | null;
  readonly usage: {
    readonly promptTokens: number;
    readonly outputTokens: number;
    readonly cachedTokens: number;
  } | null;
  readonly error: string | null;
}

/** Reads the data of one event; `undefined` when it is not a chunk of an OpenAI-style stream. */
export const readChatChunk = (data: string): ChatChunk | undefined => {
  let raw: unknown;
  try {
    raw = JSON.parse(data);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const parsed = chunkSchema.safeParse(raw);
  if (!parsed.success) return undefined;
  const choice = parsed.data.choices[0];
  const delta = choice?.delta;
  const answer = delta?.content ?? choice?.text ?? '';
  const thought = delta?.reasoning_content ?? delta?.reasoning ?? '';
  const usage = parsed.data.usage;
  return {
    hasToken: answer !== '' || thought !== '' || (delta?.tool_calls?.length ?? 0) > 0,
    hasAnswer: answer !== '',
    finishReason: choice?.finish_reason ?? null,
    usage:
      usage === null || usage === undefined
        ? null
        : {
            promptTokens: usage.prompt_tokens,
            outputTokens: usage.completion_tokens,
            cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
          },
    error: parsed.data.error?.message ?? null,
  };
};
