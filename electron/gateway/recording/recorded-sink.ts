import type { Clock } from '../../platform/ports.ts';
import type { Exchange } from '../exchange.ts';
import type { GenerationSink, TokenEvent } from '../stages/generate.ts';
import type { RequestRecorder } from './recording-desk.ts';

const textOf = (event: TokenEvent): string => {
  if (event.type === 'delta') return event.text;
  return event.argumentsDelta === '' ? `${event.name} ` : event.argumentsDelta;
};

/** The same sink, and what goes through it written down. */
export const recordedSink = (
  sink: GenerationSink,
  recorder: RequestRecorder,
  { clock, exchange }: { readonly clock: Pick<Clock, 'monotonicMs'>; readonly exchange: Exchange },
): GenerationSink => ({
  started: sink.started,
  token: (choice, event) => {
    recorder.piece(choice, {
      channel: event.type === 'delta' ? event.channel : 'tool-call',
      text: textOf(event),
      tokens: event.tokens,
      atMs: clock.monotonicMs() - exchange.arrivedMs,
    });
    return sink.token(choice, event);
  },
  ended: (choice, end) => {
    recorder.ended(choice, end.reason.replace('-', '_'));
    sink.ended(choice, end);
  },
});
