import { AppError } from '../../../shared/errors/app-error.ts';

/** Enough for some thousand tokens in the most wordy dialect. */
const MAX_CHARACTERS = 1_048_576;

export interface NumberedEvent {
  /** From 1, without a gap. */
  readonly number: number;
  /** The event as it is written, its `id` line included. */
  readonly text: string;
}

export interface StreamRing {
  /** Numbers the events of the text and keeps them; comments are none. Returns what is to be written. */
  push(text: string): string;
  /**
   * All events after that number, or all that are kept.
   * @throws AppError `gateway.stream-not-found` when some of them are no longer kept
   */
  after(number: number | undefined): readonly NumberedEvent[];
}

/** The newest events of one stream of server-sent events, 1 Mi characters of them. */
export const createStreamRing = (): StreamRing => {
  let events: NumberedEvent[] = [];
  let characters = 0;
  let last = 0;
  return {
    push: (text) => {
      let written = '';
      for (const event of text.split('\n\n')) {
        if (event === '') continue;
        if (event.startsWith(':')) {
          written += `${event}\n\n`;
          continue;
        }
        last += 1;
        const numbered = `id: ${last}\n${event}\n\n`;
        events.push({ number: last, text: numbered });
        characters += numbered.length;
        written += numbered;
      }
      let dropped = 0;
      while (characters > MAX_CHARACTERS && dropped < events.length) {
        characters -= events[dropped]?.text.length ?? 0;
        dropped += 1;
      }
      if (dropped > 0) events = events.slice(dropped);
      return written;
    },
    after: (number) => {
      if (number === undefined) return events;
      const oldest = last - events.length + 1;
      if (number >= oldest - 1 && number <= last) return events.slice(number - oldest + 1);
      throw new AppError(
        'gateway.stream-not-found',
        number > last
          ? `The stream has ${last} events so far, not ${number}.`
          : `The events up to ${oldest - 1} are no longer kept.`,
        { hint: 'Send the request again.', details: { param: 'last-event-id' } },
      );
    },
  };
};
