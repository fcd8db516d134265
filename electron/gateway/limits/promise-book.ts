import type { Clock } from '../../platform/ports.ts';

/** One request of one key: who comes back with it is let in as promised, whoever of the key's clients that is. */
export interface Promised {
  readonly keyId: string;
  /** A digest of what is asked. */
  readonly request: string;
}

/** A promise that is being kept; it counts against its key until it is disposed. */
export interface KeptPromise extends Disposable {
  /** When the request was refused, on the monotonic clock. */
  readonly refusedAtMs: number;
}

/** What refused clients were promised: that the same request succeeds after the wait they were told. In memory only. */
export interface PromiseBook {
  /**
   * @param places of the queue that the request needs
   * @returns false, and nothing promised, where its key or all together have as many as may be, or the wait is over an hour
   */
  make(promised: Promised, told: { readonly waitMs: number; readonly places: number }): boolean;
  /** Uses up the oldest promise for that request that is due; `undefined` where there is none. */
  take(promised: Promised): KeptPromise | undefined;
}

interface Entry {
  readonly request: string;
  readonly places: number;
  readonly refusedAtMs: number;
  readonly dueMs: number;
  readonly endsMs: number;
  isTaken: boolean;
}

/** Places that one key, and all keys, are promised at most at a time, those that wait for them included. */
const MOST_OF_KEY = 128;
const MOST = 1024;
const LONGEST_MS = 3_600_000;
/** How late a client may be: as late as it was told to wait, but at least this. */
const LEAST_GRACE_MS = 10_000;
/** Some timers fire a little before their time. */
const EARLY_MS = 50;

const placesIn = (entries: Iterable<Entry>): number => {
  let sum = 0;
  for (const { places } of entries) sum += places;
  return sum;
};

export const createPromiseBook = (clock: Pick<Clock, 'monotonicMs'>): PromiseBook => {
  const byKey = new Map<string, Set<Entry>>();

  const entriesOf = (keyId: string, nowMs: number): ReadonlySet<Entry> | undefined => {
    const entries = byKey.get(keyId);
    for (const entry of entries ?? []) if (!entry.isTaken && entry.endsMs < nowMs) entries?.delete(entry);
    if (entries?.size !== 0) return entries;
    byKey.delete(keyId);
    return undefined;
  };
  const placesOfAll = (nowMs: number): number => {
    let sum = 0;
    for (const keyId of byKey.keys()) sum += placesIn(entriesOf(keyId, nowMs) ?? []);
    return sum;
  };

  return {
    make: ({ keyId, request }, { waitMs, places }) => {
      const nowMs = clock.monotonicMs();
      const ofKey = placesIn(entriesOf(keyId, nowMs) ?? []);
      const hasRoom = ofKey + places <= MOST_OF_KEY && placesOfAll(nowMs) + places <= MOST;
      if (!hasRoom || waitMs > LONGEST_MS) return false;
      const entries = byKey.get(keyId) ?? new Set();
      const dueMs = nowMs + waitMs - EARLY_MS;
      const endsMs = nowMs + waitMs + Math.max(LEAST_GRACE_MS, waitMs);
      byKey.set(keyId, entries.add({ request, places, refusedAtMs: nowMs, dueMs, endsMs, isTaken: false }));
      return true;
    },
    take: ({ keyId, request }) => {
      const nowMs = clock.monotonicMs();
      for (const entry of entriesOf(keyId, nowMs) ?? []) {
        if (entry.isTaken || entry.request !== request || entry.dueMs > nowMs) continue;
        entry.isTaken = true;
        return {
          refusedAtMs: entry.refusedAtMs,
          [Symbol.dispose]: () => {
            byKey.get(keyId)?.delete(entry);
            entriesOf(keyId, clock.monotonicMs());
          },
        };
      }
      return undefined;
    },
  };
};
