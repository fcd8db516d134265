import { AppError } from '../../../shared/errors/app-error.ts';
import type { Clock } from '../../platform/ports.ts';
import { nthPlaceAtMs } from './retry-after.ts';

/** Weight of the newest request in the mean service time. */
const NEWEST_WEIGHT = 0.2;
/** Share of a mean a promise is later than expected: half of all requests take longer than the mean. */
const MARGIN = 0.25;
/** Taken for the mean before the first request is done. */
const FIRST_GUESS_MS = 1000;

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

export interface AdmissionQueue {
  /**
   * Takes `count` places at once or none.
   * @throws AppError `gateway.invalid-value` when so many could never be in at once; `gateway.queue-full` with `details.retryAfterSeconds`; the error of a refused capacity
   */
  enter(count: number): readonly Ticket[];
  /** Looks at the capacity again: grants what fits, refuses all who wait when nothing will come. */
  capacityChanged(): void;
  /** Refuses all who wait and everyone who comes. */
  close(error: AppError): void;
  snapshot(): { readonly running: number; readonly waiting: number };
}

interface Waiter {
  readonly grant: () => void;
  readonly refuse: (error: AppError) => void;
}

/**
 * First come, first served in front of one model: at most `slots` run, at most `waitLimit` wait. The engine behind it
 * never has to queue, so a client that goes away while waiting costs nothing.
 */
export const createAdmissionQueue = (options: {
  readonly clock: Clock;
  readonly waitLimit: number;
  readonly capacity: () => Capacity;
}): AdmissionQueue => {
  const { clock, waitLimit } = options;
  const waiters = new Set<Waiter>();
  const running = new Set<{ readonly sinceMs: number }>();
  let meanServiceMs: number | undefined;
  /** Places promised to refused clients that are not due yet, in rising order. */
  let promisedAtMs: readonly number[] = [];
  let closedBy: AppError | undefined;

  const capacity = (): Capacity =>
    closedBy === undefined ? options.capacity() : { type: 'refused', error: closedBy };

  const grantWaiting = (): void => {
    const now = capacity();
    for (const waiter of waiters) {
      if (now.type === 'open' && running.size >= now.slots) return;
      waiters.delete(waiter);
      if (now.type === 'refused') waiter.refuse(now.error);
      else waiter.grant();
    }
  };

  /** Every refused client is promised a place of its own, so that all who wait as long as told find one. */
  const queueFull = (): AppError => {
    const nowMs = clock.monotonicMs();
    promisedAtMs = promisedAtMs.filter((atMs) => atMs > nowMs);
    const load = {
      meanServiceMs: meanServiceMs ?? FIRST_GUESS_MS,
      runningSinceMs: Array.from(running, ({ sinceMs }) => sinceMs),
      waiting: waiters.size,
    };
    const placeAtMs = nthPlaceAtMs(load, nowMs, promisedAtMs.length + 1) + MARGIN * load.meanServiceMs;
    promisedAtMs = [...promisedAtMs, placeAtMs];
    const retryAfterSeconds = Math.max(1, Math.ceil((placeAtMs - nowMs) / 1000));
    return new AppError(
      'gateway.queue-full',
      `The queue is full: ${running.size} running, ${waiters.size} waiting.`,
      {
        hint: `Try again in ${retryAfterSeconds} s.`,
        details: { retryAfterSeconds },
      },
    );
  };

  const takeRunning = (): Ticket => {
    const place = { sinceMs: clock.monotonicMs() };
    running.add(place);
    return {
      granted: undefined,
      [Symbol.dispose]: () => {
        if (!running.delete(place)) return;
        const serviceMs = clock.monotonicMs() - place.sinceMs;
        meanServiceMs =
          meanServiceMs === undefined
            ? serviceMs
            : meanServiceMs + NEWEST_WEIGHT * (serviceMs - meanServiceMs);
        grantWaiting();
      },
    };
  };

  const takeWaiting = (): Ticket => {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    // Whoever gave the place back no longer listens: a refusal must not become an unhandled rejection.
    promise.catch(() => undefined);
    let held: Ticket | undefined;
    const waiter: Waiter = {
      grant: () => {
        held = takeRunning();
        resolve(undefined);
      },
      refuse: reject,
    };
    waiters.add(waiter);
    return {
      granted: promise,
      [Symbol.dispose]: () => {
        waiters.delete(waiter);
        held?.[Symbol.dispose]();
      },
    };
  };

  return {
    enter: (count) => {
      const now = capacity();
      if (now.type === 'refused') throw now.error;
      if (now.slots > 0 && count > now.slots + waitLimit) throw neverFits(count, now.slots + waitLimit);
      const free = waiters.size > 0 ? 0 : Math.max(0, now.slots - running.size);
      const mustWait = Math.max(0, count - free);
      if (mustWait > 0 && waiters.size + mustWait > waitLimit) throw queueFull();
      return Array.from({ length: count }, (_, index) => (index < free ? takeRunning() : takeWaiting()));
    },
    capacityChanged: grantWaiting,
    close: (error) => {
      closedBy = error;
      grantWaiting();
    },
    snapshot: () => ({ running: running.size, waiting: waiters.size }),
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
