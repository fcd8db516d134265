import type { Clock } from '../../platform/ports.ts';
import type { Exchange } from '../exchange.ts';
import { toFinishReason, type Report } from '../openai/report.ts';
import { HEARTBEAT, STREAM_END, type StreamEncoder } from '../openai/stream-encoder.ts';
import type { GenerationSink, TokenEvent } from './generate.ts';

/** Past this the stream stops pulling tokens until the client has caught up. */
const MAX_BUFFERED_BYTES = 1_048_576;
/** A stream that is silent for so long says that it lives. */
const HEARTBEAT_MS = 5000;

export interface EventStream extends GenerationSink {
  /** Sends a comment when nothing was sent for 5 s: while the request waits, or the prompt is long. */
  tick(nowMs: number): void;
  complete(report: Report, includesUsage: boolean): void;
}

/**
 * Eighth stage, as server-sent events. The status line goes out with the first token or the first heartbeat, so a
 * request that fails before has the status of its error.
 */
export const createEventStream = (
  exchange: Exchange,
  encoder: StreamEncoder,
  options: { readonly choices: number; readonly clock: Clock },
): EventStream => {
  const { reply } = exchange;
  const { clock } = options;
  const opened = new Set<number>();
  const toolCalls = new Map<number, number>();
  let running = options.choices;
  let lastWriteMs = clock.monotonicMs();
  let isComplete = false;

  const write = (text: string): void => {
    if (!reply.hasStarted()) reply.startStream();
    lastWriteMs = clock.monotonicMs();
    reply.write(text);
  };
  const open = (choice: number, hasContent = true): string => {
    if (opened.has(choice)) return '';
    opened.add(choice);
    return encoder.open(choice, hasContent);
  };
  const encode = (choice: number, event: TokenEvent): string => {
    if (event.type === 'delta') return encoder.text(choice, event.channel, event.text, event.logprobs);
    const known = toolCalls.get(choice) ?? 0;
    toolCalls.set(choice, Math.max(known, event.index + 1));
    const first = event.index < known ? '' : encoder.toolCall(choice, event);
    return event.argumentsDelta === ''
      ? first
      : first + encoder.toolArguments(choice, event.index, event.argumentsDelta);
  };
  let last: { readonly choice: number; readonly reason: Parameters<GenerationSink['ended']>[1] } | undefined;

  return {
    token: (choice, event) => {
      // Part of a character or of a stop string: counted, but there is nothing to say yet.
      if (event.type === 'delta' && event.text === '' && event.logprobs === undefined) return undefined;
      const opening = open(choice, event.type === 'delta');
      write(opening === '' ? encode(choice, event) : opening + encode(choice, event));
      return reply.bufferedBytes() > MAX_BUFFERED_BYTES ? reply.drained() : undefined;
    },
    ended: (choice, reason) => {
      running -= 1;
      if (running === 0) last = { choice, reason };
      else write(open(choice) + encoder.finish(choice, toFinishReason(reason), undefined));
    },
    tick: (nowMs) => {
      if (!isComplete && nowMs - lastWriteMs >= HEARTBEAT_MS && reply.bufferedBytes() === 0) write(HEARTBEAT);
    },
    complete: (report, includesUsage) => {
      isComplete = true;
      const end =
        last === undefined
          ? ''
          : open(last.choice) + encoder.finish(last.choice, toFinishReason(last.reason), report);
      write(end + (includesUsage ? encoder.usage(report.usage) : '') + STREAM_END);
      reply.end();
    },
  };
};
