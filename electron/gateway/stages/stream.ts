import type { Clock } from '../../platform/ports.ts';
import type { Exchange } from '../exchange.ts';
import type { AnswerEnd, StreamEncoder } from '../generation/format.ts';
import type { Report } from '../generation/report.ts';
import type { GenerationSink, TokenEvent } from './generate.ts';

/** Past this the stream stops pulling tokens until the client has caught up. */
const MAX_BUFFERED_BYTES = 1_048_576;
/** A stream that is silent for so long says that it lives. */
const HEARTBEAT_MS = 5000;

export interface EventStream extends GenerationSink {
  /** Sends a comment when nothing was sent for 5 s: while the request waits, or the prompt is long. */
  tick(nowMs: number): void;
  complete(report: Report): void;
}

/**
 * Tenth stage, as events of the dialect. The status line goes out with the first token or the first heartbeat, so a
 * request that fails before has the status of its error.
 */
export const createEventStream = (
  exchange: Exchange,
  encoder: StreamEncoder,
  options: { readonly choices: number; readonly clock: Clock },
): EventStream => {
  const { reply } = exchange;
  const { contentType, heartbeat } = exchange.dialect.stream;
  const { clock } = options;
  const opened = new Set<number>();
  const toolCalls = new Map<number, number>();
  let running = options.choices;
  let lastWriteMs = clock.monotonicMs();
  let isComplete = false;
  let hasBegun = false;
  let prompt = { promptTokens: 0, cachedTokens: 0 };

  const write = (text: string): void => {
    if (!reply.hasStarted()) reply.startStream(contentType);
    lastWriteMs = clock.monotonicMs();
    reply.write(text);
  };
  const begin = (): string => {
    if (hasBegun) return '';
    hasBegun = true;
    return encoder.begin(prompt);
  };
  const open = (choice: number, hasContent = true): string => {
    if (opened.has(choice)) return '';
    opened.add(choice);
    return begin() + encoder.open(choice, hasContent);
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
  let last: { readonly choice: number; readonly end: AnswerEnd } | undefined;

  return {
    started: (choice, { promptTokens, cachedTokens }) => {
      if (choice === 0) prompt = { promptTokens, cachedTokens };
    },
    token: (choice, event) => {
      // Part of a character or of a stop string: counted, but there is nothing to say yet.
      if (event.type === 'delta' && event.text === '' && event.logprobs === undefined) return undefined;
      const opening = open(choice, event.type === 'delta');
      write(opening === '' ? encode(choice, event) : opening + encode(choice, event));
      return reply.bufferedBytes() > MAX_BUFFERED_BYTES ? reply.drained() : undefined;
    },
    ended: (choice, end) => {
      running -= 1;
      if (running === 0) last = { choice, end };
      else write(open(choice) + encoder.finish(choice, end, undefined));
    },
    tick: (nowMs) => {
      if (isComplete || heartbeat === undefined || reply.bufferedBytes() > 0) return;
      if (nowMs - lastWriteMs >= HEARTBEAT_MS) write(heartbeat);
    },
    complete: (report) => {
      isComplete = true;
      const finish =
        last === undefined ? '' : open(last.choice) + encoder.finish(last.choice, last.end, report);
      write(finish + encoder.end(report));
      reply.end();
    },
  };
};
