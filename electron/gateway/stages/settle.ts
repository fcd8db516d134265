import { toAppError, type AppError } from '../../../shared/errors/app-error.ts';
import type { Logger } from '../../platform/ports.ts';
import type { GenerationCall } from '../call.ts';
import type { Dialect } from '../dialect.ts';
import { errorHead } from '../error-head.ts';
import type { Exchange } from '../exchange.ts';
import { toTimings, toUsage, type ChoiceEnd, type Report } from '../generation/report.ts';
import type { Responder } from '../http-exchange.ts';
import { isTold, toldError } from '../told-error.ts';

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

/** Last stage, when all went well: the numbers of the reply, and the row of the live table closed with them. */
export const settleGeneration = (
  exchange: Exchange,
  call: GenerationCall,
  ends: readonly ChoiceEnd[],
): Report => {
  const usage = toUsage(call.choices, ends);
  const [first] = ends;
  const timings = toTimings(ends);
  exchange.record.done(
    first === undefined ? null : first.reason.replace('-', '_'),
    usage,
    timings.predicted_ms,
  );
  return {
    usage,
    timings,
    stats: {
      time_to_first_token: seconds(exchange.record.ttftMs()),
      tokens_per_second: exchange.record.tokensPerSecond(),
      queue_time: (exchange.record.queueMs() ?? 0) / 1000,
    },
    totalMs: exchange.record.totalMs() ?? 0,
  };
};

/** Sends an error in place of a reply, or as the last event of a stream that has begun. */
export const sendError = (
  reply: Responder,
  error: AppError,
  { dialect, requestId }: { readonly dialect: Dialect; readonly requestId: string },
): void => {
  const body = dialect.errorBody(error, requestId);
  if (reply.hasStarted()) {
    reply.write(dialect.stream.error(body));
    reply.end();
    return;
  }
  const { status, headers } = errorHead(toldError(error));
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
  reply.json(status, body);
};

/** Last stage, when it did not go well: one reply, one row closed, and a defect of ours in the log. */
export const settleFailure = (exchange: Exchange, error: unknown, log: Logger): void => {
  const known = toAppError(error);
  exchange.record.failed(known);
  if (!isTold(known.code)) {
    log.error('A request met a defect.', {
      requestId: exchange.id,
      route: exchange.route.path,
      error: known,
    });
  }
  sendError(exchange.reply, known, { dialect: exchange.dialect, requestId: exchange.id });
};
