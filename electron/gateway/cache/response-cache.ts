import type { ChoiceEnd } from '../generation/report.ts';
import type { TokenEvent } from '../stages/generate.ts';

/** One answer as the engine made it, so that every dialect can tell it again, as a stream or whole. */
export interface KeptChoice {
  readonly events: readonly TokenEvent[];
  readonly end: ChoiceEnd;
}
export type KeptAnswer = readonly KeptChoice[];

/** In memory and bounded: the answers used longest ago go first, and all of them with the server. */
export interface ResponseCache {
  get(key: string): KeptAnswer | undefined;
  /** Keeps it, unless it alone would take more than an eighth of the room. */
  put(key: string, answer: KeptAnswer): void;
}

const MAX_BYTES = 16 * 1_048_576;
const MAX_ANSWERS = 1024;
/** Taken for what an event weighs besides its text: an object of four fields and the heads of its strings. */
const EVENT_BYTES = 96;

const bytesOf = (answer: KeptAnswer): number => {
  let bytes = 0;
  for (const { events } of answer) {
    for (const event of events) {
      bytes += EVENT_BYTES + 2 * (event.type === 'delta' ? event.text : event.argumentsDelta).length;
    }
  }
  return bytes;
};

export const createResponseCache = (maxBytes = MAX_BYTES): ResponseCache => {
  /** Oldest use first. */
  const entries = new Map<string, { readonly answer: KeptAnswer; readonly bytes: number }>();
  let held = 0;
  const remove = (key: string): void => {
    held -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  };
  return {
    get: (key) => {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.answer;
    },
    put: (key, answer) => {
      remove(key);
      const bytes = bytesOf(answer);
      if (bytes > maxBytes / 8) return;
      entries.set(key, { answer, bytes });
      held += bytes;
      for (const oldest of entries.keys()) {
        if (held <= maxBytes && entries.size <= MAX_ANSWERS) return;
        remove(oldest);
      }
    },
  };
};
