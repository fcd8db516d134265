import { toAppError } from '../../../shared/errors/app-error.ts';
import type { Logger } from '../../platform/ports.ts';
import type { Exchange } from '../exchange.ts';
import type { Responder } from '../http-exchange.ts';
import { errorHead, toErrorReply } from '../openai/error-reply.ts';
import { toFinishReason, toTimings, toUsage, type ChoiceEnd, type Report } from '../openai/report.ts';
import { encodeStreamError } from '../openai/stream-encoder.ts';
import type { GenerationCall } from '../call.ts';

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

/** Last stage, when all went well: the numbers of the reply, and the row of the live table closed with them. */
export const settleGeneration = (
  exchange: Exchange,
  call: GenerationCall,
  ends: readonly ChoiceEnd[],
): Report => {
  const usage = toUsage(call.choices, ends);
  const [first] = ends;
  exchange.record.done(first === undefined ? null : toFinishReason(first.reason), {
    promptTokens: usage.prompt_tokens,
    cachedTokens: usage.prompt_tokens_details.cached_tokens,
    outputTokens: usage.completion_tokens,
  });
  return {
    usage,
    timings: toTimings(ends),
    stats: {
      time_to_first_token: seconds(exchange.record.ttftMs()),
      tokens_per_second: exchange.record.tokensPerSecond(),
      queue_time: (exchange.record.queueMs() ?? 0) / 1000,
    },
  };
};

/** Sends an error in place of a reply, or as the last event of a stream that has begun. */
export const sendError = (reply: Responder, error: unknown): void => {
  const body = toErrorReply(error);
  if (reply.hasStarted()) {
    reply.write(encodeStreamError(body));
    reply.end();
    return;
  }
  const { status, headers } = errorHead(error);
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
  reply.json(status, body);
};

/** Last stage, when it did not go well: one reply, one row closed, and a defect of ours in the log. */
export const settleFailure = (exchange: Exchange, error: unknown, log: Logger): void => {
  const known = toAppError(error);
  exchange.record.failed(known);
  if (known.code === 'app.internal') {
    log.error('A request met a defect.', {
      requestId: exchange.id,
      route: exchange.route.path,
      error: known,
    });
  }
  sendError(exchange.reply, known);
};
