import { z } from 'zod';
import type { playgroundInputSchema, PlaygroundEvent } from '../../shared/contract/server.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { createSseParser } from '../bench/index.ts';
import type { Clock, Http, HttpResponse } from '../platform/ports.ts';
import { readServerError, serverErrorSchema } from './server-error.ts';

export type PlaygroundInput = z.output<typeof playgroundInputSchema>;

/** What the playground reads of the server's chunks; the server's own types live in the gateway. */
const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: z
          .object({ content: z.string().nullish(), reasoning_content: z.string().nullish() })
          .default({}),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: z
    .object({
      prompt_tokens: z.number(),
      completion_tokens: z.number(),
      prompt_tokens_details: z.object({ cached_tokens: z.number() }).partial().optional(),
    })
    .nullish(),
  error: serverErrorSchema.optional(),
});
type Chunk = z.infer<typeof chunkSchema>;

const bodyOf = (input: PlaygroundInput, model: string): string =>
  JSON.stringify({
    model,
    messages: input.messages,
    temperature: input.temperature,
    top_p: input.topP,
    max_tokens: input.maxTokens,
    ...(input.seed !== undefined && { seed: input.seed }),
    stream: true,
    stream_options: { include_usage: true },
  });

async function* chunksOf(response: HttpResponse): AsyncGenerator<Chunk, void, void> {
  const parser = createSseParser();
  for await (const bytes of response.body) {
    for (const { data } of parser.push(bytes)) {
      if (data === '[DONE]') return;
      const chunk = chunkSchema.parse(JSON.parse(data));
      if (chunk.error !== undefined) throw readServerError(chunk.error);
      yield chunk;
    }
  }
}

const refusalOf = async (response: HttpResponse): Promise<AppError> => {
  const answer = z.object({ error: serverErrorSchema }).safeParse(parseJson(await response.text()));
  return answer.success
    ? readServerError(answer.data.error, response.status)
    : new AppError('app.internal', `The server answered HTTP ${response.status}.`);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // then the status alone is told
  }
};

/**
 * One chat over loopback HTTP, as any client would do it; times are METRICS' TTFT and TPOT on this process's clock.
 * @throws AppError what the server answered
 */
export async function* playgroundChat(
  input: PlaygroundInput,
  target: { readonly url: string; readonly apiKey: string; readonly model: string },
  { http, clock, signal }: { readonly http: Http; readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<PlaygroundEvent, void, void> {
  const sentMs = clock.monotonicMs();
  const response = await http.request(`${target.url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${target.apiKey}`, 'content-type': 'application/json' },
    body: bodyOf(input, target.model),
    signal,
  });
  if (response.status !== 200) throw await refusalOf(response);
  let firstMs: number | undefined;
  let lastMs = sentMs;
  let finishReason = 'stop';
  let usage: Chunk['usage'];
  for await (const { choices, usage: counted } of chunksOf(response)) {
    usage = counted ?? usage;
    for (const { delta, finish_reason: reason } of choices) {
      finishReason = reason ?? finishReason;
      const pieces = [
        ['reasoning', delta.reasoning_content],
        ['content', delta.content],
      ] as const;
      for (const [channel, text] of pieces) {
        if (text === null || text === undefined || text === '') continue;
        lastMs = clock.monotonicMs();
        firstMs ??= lastMs;
        yield { type: 'text', channel, text };
      }
    }
  }
  const outputTokens = usage?.completion_tokens ?? 0;
  const decodeMs = lastMs - (firstMs ?? lastMs);
  yield {
    type: 'done',
    finishReason,
    promptTokens: usage?.prompt_tokens ?? 0,
    cachedTokens: usage?.prompt_tokens_details?.cached_tokens ?? 0,
    outputTokens,
    ttftMs: (firstMs ?? lastMs) - sentMs,
    tokensPerSecond: outputTokens >= 2 && decodeMs > 0 ? ((outputTokens - 1) / decodeMs) * 1000 : null,
    totalMs: clock.monotonicMs() - sentMs,
  };
}
