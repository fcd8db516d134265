import type { FactStore } from '../../electron/platform/stores.ts';

/** Facts in memory; values cross as JSON, as in the database. */
export const createFakeFacts = (initial: Readonly<Record<string, unknown>> = {}): FactStore => {
  const kept = new Map(Object.entries(initial).map(([key, value]) => [key, JSON.stringify(value)]));
  const read = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));
  return {
    get: (key) => read(kept.get(key)),
    set: (key, value) => void kept.set(key, JSON.stringify(value)),
    remove: (key) => void kept.delete(key),
    list: (prefix) =>
      [...kept].flatMap(([key, text]) => (key.startsWith(prefix) ? [{ key, value: read(text) }] : [])),
  };
};
