import type { Clock } from '../../platform/ports.ts';

/** One request of one key: who comes back with it is let in as promised, whoever of the key's clients that is. */
export interface Promised {
  readonly keyId: string;
  /** A digest of what is asked. */
  readonly request: string;
}

export interface PromiseTerms {
  readonly waitMs: number;
  /** Of the queue, that the request needs. */
  readonly places: number;
  /** Of its body, which the server holds while it waits. */
  readonly bytes: number;
}

/** A promise that is being kept; it counts against its key until it is disposed. */
export interface KeptPromise extends Disposable {
  /** When the request was refused, on the monotonic clock. */
  readonly refusedAtMs: number;
}

/** What refused clients were promised: that the same request succeeds after the wait they were told. In memory only. */
export interface PromiseBook {
  /**
   * @returns false, and nothing promised, where its key or all together have as many as may be, or the wait is over an hour
   */
  make(promised: Promised, told: PromiseTerms): boolean;
  /** Uses up the oldest promise for that request that is due; `undefined` where there is none. */
  take(promised: Promised): KeptPromise | undefined;
}

interface Share {
  readonly places: number;
  readonly bytes: number;
}

interface Entry extends Share {
  readonly request: string;
  readonly refusedAtMs: number;
  readonly dueMs: number;
  readonly endsMs: number;
  isTaken: boolean;
}

/** What one key, and all keys, are promised at most at a time, to those that wait for it included. */
const MOST_OF_KEY: Share = { places: 128, bytes: 16 * 1_048_576 };
const MOST: Share = { places: 1024, bytes: 64 * 1_048_576 };
const LONGEST_MS = 3_600_000;
/** How late a client may be: as late as it was told to wait, but at least this. */
const LEAST_GRACE_MS = 10_000;
/** Some timers fire a little before their time. */
const EARLY_MS = 50;

const sumOf = (shares: Iterable<Share>): Share => {
  let [places, bytes] = [0, 0];
  for (const share of shares) {
    places += share.places;
    bytes += share.bytes;
  }
  return { places, bytes };
};
const fits = (taken: Share, share: Share, most: Share): boolean =>
  taken.places + share.places <= most.places && taken.bytes + share.bytes <= most.bytes;

export const createPromiseBook = (clock: Pick<Clock, 'monotonicMs'>): PromiseBook => {
  const byKey = new Map<string, Set<Entry>>();

  const entriesOf = (keyId: string, nowMs: number): ReadonlySet<Entry> | undefined => {
    const entries = byKey.get(keyId);
    for (const entry of entries ?? []) if (!entry.isTaken && entry.endsMs < nowMs) entries?.delete(entry);
    if (entries?.size !== 0) return entries;
    byKey.delete(keyId);
    return undefined;
  };
  const sumOfAll = (nowMs: number): Share =>
    sumOf(Array.from(byKey.keys(), (keyId) => sumOf(entriesOf(keyId, nowMs) ?? [])));

  return {
    make: ({ keyId, request }, { waitMs, ...share }) => {
      const nowMs = clock.monotonicMs();
      const ofKey = sumOf(entriesOf(keyId, nowMs) ?? []);
      const hasRoom = fits(ofKey, share, MOST_OF_KEY) && fits(sumOfAll(nowMs), share, MOST);
      if (!hasRoom || waitMs > LONGEST_MS) return false;
      const entries = byKey.get(keyId) ?? new Set();
      const dueMs = nowMs + waitMs - EARLY_MS;
      const endsMs = nowMs + waitMs + Math.max(LEAST_GRACE_MS, waitMs);
      byKey.set(keyId, entries.add({ ...share, request, refusedAtMs: nowMs, dueMs, endsMs, isTaken: false }));
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
