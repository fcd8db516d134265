import type { Tier } from '../../../shared/contract/limits.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Clock } from '../../platform/ports.ts';
import { nthPlaceAtMs, tellablePlaces, type QueueLoad } from './retry-after.ts';
import { createServiceTime } from './service-time.ts';
import { placesFor, rankMs } from './tier-order.ts';
import { createToldTimes } from './told-times.ts';

/**
 * One place in front of an engine: waiting → running → given back. Disposing it in either state gives it back; a second
 * time does nothing.
 */
export interface Ticket extends Disposable {
  /** Resolves when a slot is free for it; rejects when the queue is closed. `undefined`: it runs already. */
  readonly granted: Promise<undefined> | undefined;
}

/** Slots that are there now, or why nobody may wait for one. */
export type Capacity =
  { readonly type: 'open'; readonly slots: number } | { readonly type: 'refused'; readonly error: AppError };

/** What a request that came now would meet. */
export interface QueueOutlook {
  /** Share of the waiting places that would be taken, 0 to 1; 0 when it need not wait. */
  readonly fill: number;
  /** Estimated time until a slot is free for it, by its tier. */
  readonly waitMs: number;
}

export interface AdmissionQueue {
  /**
   * Takes `count` places at once or none. Of those who wait, the better tier goes first, with ageing.
   * @param refusedAtMs asked where all places are taken: when the request was refused before, if it comes back as told.
   *   It waits then all the same, beyond the limit, with the rank it would have had
   * @throws AppError `gateway.invalid-value` when so many could never be in at once; `gateway.queue-full`, and for `batch`
   *   `gateway.rate-limited`, with `details.retryAfterSeconds`; the error of a refused capacity
   */
  enter(count: number, tier: Tier, refusedAtMs?: () => number | undefined): readonly Ticket[];
  outlook(count: number, tier: Tier): QueueOutlook;
  /** Looks at the capacity again: grants what fits, refuses all who wait when nothing will come. */
  capacityChanged(): void;
  /** Refuses all who wait and everyone who comes. */
  close(error: AppError): void;
  snapshot(): { readonly running: number; readonly waiting: number };
}

interface Waiter {
  readonly rankMs: number;
  readonly grant: () => void;
  readonly refuse: (error: AppError) => void;
}

/**
 * In front of one model: at most `slots` run, at most `waitLimit` wait and those who were promised it, by tier, and first
 * come, first served within one.
 * The engine behind it never has to queue, so a client that goes away while waiting costs nothing.
 */
export const createAdmissionQueue = (options: {
  readonly clock: Clock;
  readonly waitLimit: number;
  readonly capacity: () => Capacity;
}): AdmissionQueue => {
  const { clock, waitLimit } = options;
  /** In the order they will be served. */
  const waiters: Waiter[] = [];
  const running = new Set<{ readonly sinceMs: number }>();
  const service = createServiceTime();
  const told = createToldTimes();
  let closedBy: AppError | undefined;

  const capacity = (): Capacity =>
    closedBy === undefined ? options.capacity() : { type: 'refused', error: closedBy };

  const grantWaiting = (): void => {
    const now = capacity();
    while (now.type === 'refused' || running.size < now.slots) {
      const waiter = waiters.shift();
      if (waiter === undefined) return;
      if (now.type === 'refused') waiter.refuse(now.error);
      else waiter.grant();
    }
  };

  const loadNow = (): QueueLoad => ({
    meanServiceMs: service.meanMs(),
    runningSinceMs: Array.from(running, ({ sinceMs }) => sinceMs),
    waiting: waiters.length,
  });

  /** Every refused client is told of a place of its own, so that they do not all come back at once. */
  const retryAfter = (missing: number): number => {
    const nowMs = clock.monotonicMs();
    const load = loadNow();
    const ahead = told.unitsAhead(nowMs);
    const placeAtMs = nthPlaceAtMs(load, nowMs, ahead + missing) + service.slackMs();
    if (ahead < tellablePlaces(load)) told.add(placeAtMs, 1);
    return Math.max(1, Math.ceil((placeAtMs - nowMs) / 1000));
  };

  /** `batch` can wait for quieter times and is told so (429); for the others the server is not up to its work (503). */
  const refusal = (tier: Tier, mustWait: number, places: number): AppError => {
    const retryAfterSeconds = retryAfter(Math.max(1, waiters.length + mustWait - places));
    const hint = `Try again in ${retryAfterSeconds} s.`;
    return tier === 'batch'
      ? new AppError('gateway.rate-limited', `The server is saturated: ${waiters.length} requests wait.`, {
          hint,
          details: {
            retryAfterSeconds,
            scope: 'server',
            resource: 'queue',
            limit: places,
            used: waiters.length,
            resetsInSeconds: retryAfterSeconds,
          },
        })
      : new AppError(
          'gateway.queue-full',
          `The queue is full: ${running.size} running, ${waiters.length} waiting.`,
          { hint, details: { retryAfterSeconds } },
        );
  };

  const freeNow = (slots: number): number => (waiters.length > 0 ? 0 : Math.max(0, slots - running.size));

  const takeRunning = (): Ticket => {
    const place = { sinceMs: clock.monotonicMs() };
    running.add(place);
    return {
      granted: undefined,
      [Symbol.dispose]: () => {
        if (!running.delete(place)) return;
        service.add(clock.monotonicMs() - place.sinceMs);
        grantWaiting();
      },
    };
  };

  const takeWaiting = (tier: Tier, sinceMs: number): Ticket => {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    // Whoever gave the place back no longer listens: a refusal must not become an unhandled rejection.
    promise.catch(() => undefined);
    let held: Ticket | undefined;
    const waiter: Waiter = {
      rankMs: rankMs(tier, sinceMs),
      grant: () => {
        held = takeRunning();
        resolve(undefined);
      },
      refuse: reject,
    };
    waiters.splice(waiters.findLastIndex((other) => other.rankMs <= waiter.rankMs) + 1, 0, waiter);
    return {
      granted: promise,
      [Symbol.dispose]: () => {
        const at = waiters.indexOf(waiter);
        if (at >= 0) waiters.splice(at, 1);
        held?.[Symbol.dispose]();
      },
    };
  };

  return {
    enter: (count, tier, refusedAtMs) => {
      const now = capacity();
      if (now.type === 'refused') throw now.error;
      if (now.slots > 0 && count > now.slots + waitLimit) throw neverFits(count, now.slots + waitLimit);
      const free = freeNow(now.slots);
      const mustWait = Math.max(0, count - free);
      const places = placesFor(tier, waitLimit);
      let sinceMs: number | undefined;
      if (mustWait > 0 && waiters.length + mustWait > places) {
        sinceMs = refusedAtMs?.();
        if (sinceMs === undefined) throw refusal(tier, mustWait, places);
      }
      const rankedMs = sinceMs ?? clock.monotonicMs();
      return Array.from({ length: count }, (_, index) =>
        index < free ? takeRunning() : takeWaiting(tier, rankedMs),
      );
    },
    outlook: (count, tier) => {
      const now = capacity();
      const mustWait = now.type === 'open' ? count - freeNow(now.slots) : 0;
      if (mustWait <= 0) return { fill: 0, waitMs: 0 };
      const nowMs = clock.monotonicMs();
      const ownRankMs = rankMs(tier, nowMs);
      const before = waiters.findLastIndex((other) => other.rankMs <= ownRankMs) + 1;
      return {
        fill: waitLimit === 0 ? 1 : Math.min(1, (waiters.length + mustWait) / waitLimit),
        waitMs: nthPlaceAtMs({ ...loadNow(), waiting: before + mustWait }, nowMs, before + mustWait) - nowMs,
      };
    },
    capacityChanged: grantWaiting,
    close: (error) => {
      closedBy = error;
      grantWaiting();
    },
    snapshot: () => ({ running: running.size, waiting: waiters.length }),
  };
};

/** All queues together. */
export const sumLoads = (
  queues: Iterable<AdmissionQueue>,
): { readonly running: number; readonly queued: number } => {
  let [running, queued] = [0, 0];
  for (const queue of queues) {
    const now = queue.snapshot();
    running += now.running;
    queued += now.waiting;
  }
  return { running, queued };
};

/** Waiting would not help, so this is no 503. */
const neverFits = (count: number, places: number): AppError =>
  new AppError(
    'gateway.invalid-value',
    `The request asks for ${count} answers at once; ${places} have room.`,
    {
      hint: 'Send several requests.',
      details: { param: 'n' },
    },
  );
