import type { Model } from '../../../shared/contract/models.ts';
import { isAbort, toAppError } from '../../../shared/errors/app-error.ts';
import type { Clock, Logger } from '../../platform/ports.ts';
import { BUSY_PAUSE_MS, givingWay } from './giving-way.ts';

interface HasherPorts {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Logger;
  /** True while something is measured or loaded: reading gigabytes beside it would falsify the numbers. */
  readonly isBusy: () => boolean;
  /** The next model without a hash, `undefined` when all have one. `tried` holds paths that failed or changed. */
  readonly next: (tried: ReadonlySet<string>) => Model | undefined;
  readonly hash: (model: Model, signal: AbortSignal, onProgress: () => void) => Promise<unknown>;
}

export interface BackgroundHasher extends AsyncDisposable {
  /** Begins, or goes on, with what has no hash yet. Returns at once. */
  wake(): void;
}

/** Between two files, so that a scan, a load or a person's own program gets the disk. */
const PAUSE_MS = 250;

/** Hashes one model after the other, gives way within one MiB of reading when something is measured, then goes on. */
export const createBackgroundHasher = ({ clock, log, isBusy, next, hash }: HasherPorts): BackgroundHasher => {
  const stop = new AbortController();
  let running: Promise<void> | undefined;

  /** True when the model was hashed, or can not be. False when it had to give way. */
  const hashOne = async (model: Model, tried: Set<string>): Promise<boolean> => {
    try {
      const hashed = await givingWay((signal, tick) => hash(model, signal, tick), {
        isBusy,
        signal: stop.signal,
      });
      if (hashed === undefined) return false;
      tried.add(model.path); // a file that changes while it is read stays without a hash until the next scan
      return true;
    } catch (error) {
      if (!isAbort(error))
        log.warn('A model could not be hashed.', { path: model.path, error: toAppError(error) });
      tried.add(model.path);
      return true;
    }
  };

  const run = async (): Promise<void> => {
    const tried = new Set<string>();
    for (let model = next(tried); model !== undefined; model = next(tried)) {
      const isDone = await hashOne(model, tried);
      await clock.sleep(isDone ? PAUSE_MS : BUSY_PAUSE_MS, stop.signal);
    }
  };

  return {
    wake: () => {
      if (stop.signal.aborted || running !== undefined) return;
      running = run()
        .catch((error: unknown) => {
          if (!isAbort(error)) log.error('Hashing in the background ended.', { error: toAppError(error) });
        })
        .finally(() => {
          running = undefined;
        });
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
};
