import { AppError } from '../../shared/errors/app-error.ts';
import type { Logger } from '../platform/ports.ts';
import type { LoadSpec } from './engine.ts';

/** Memory in bytes, RAM and video memory apart. */
export interface MemoryNeed {
  readonly ramBytes: number;
  readonly vramBytes: number;
}

/** What a load takes, and whether that fits beside what is promised to others. */
export interface WeighedLoad extends MemoryNeed {
  /** Of both: what the progress of a load stands for; the context is taken after it. */
  readonly weightsBytes: number;
  readonly fits: boolean;
  /** One sentence; the nearest setting that fits where this one does not. */
  readonly advice: string;
}

/** @throws AppError what is wrong with the file, `app.cancelled` */
export type WeighLoad = (
  spec: Pick<LoadSpec, 'path' | 'settings'>,
  promised: MemoryNeed,
  signal: AbortSignal,
) => Promise<WeighedLoad>;

/** A load that is under way: disposed when it has taken its memory, or given up. */
export interface Reservation extends Disposable {
  progressed(fraction: number): void;
}

/** Memory promised to loads that have not taken it yet, so that two at once do not both count on the same bytes. */
export interface LoadLedger {
  /**
   * Admits a load. One that is alone is not weighed: the engine's own check sees the true memory. An automatic context
   * takes what is left, so it waits for the others where the usual one does not fit beside them.
   * @throws AppError `engine.out-of-memory` with the nearest setting that fits, what is wrong with the file, `app.cancelled`
   */
  reserve(spec: LoadSpec, signal: AbortSignal): Promise<Reservation>;
  /** What the loads under way have still to take. */
  promised(signal: AbortSignal): Promise<MemoryNeed>;
}

interface Promised {
  readonly spec: LoadSpec;
  readonly ended: PromiseWithResolvers<undefined>;
  fraction: number;
  /** Weighed when a second load first asks. */
  weighed: (MemoryNeed & Pick<WeighedLoad, 'weightsBytes'>) | undefined;
}

const nothing: MemoryNeed = { ramBytes: 0, vramBytes: 0 };

/** What is still to be taken: weights come with the progress, the context after it. */
const leftOf = ({ weighed, fraction }: Promised): MemoryNeed => {
  if (weighed === undefined) return nothing;
  const { ramBytes, vramBytes, weightsBytes } = weighed;
  const share = 1 - fraction * Math.min(1, weightsBytes / Math.max(1, ramBytes + vramBytes));
  return { ramBytes: ramBytes * share, vramBytes: vramBytes * share };
};

const sumOf = (needs: readonly MemoryNeed[]): MemoryNeed => ({
  ramBytes: needs.reduce((sum, { ramBytes }) => sum + ramBytes, 0),
  vramBytes: needs.reduce((sum, { vramBytes }) => sum + vramBytes, 0),
});

export const createLoadLedger = (weigh: WeighLoad, log: Logger): LoadLedger => {
  const underWay = new Set<Promised>();
  /** Admissions one after another: the second must see the first. */
  let last: Promise<unknown> = Promise.resolve();

  const promised = async (signal: AbortSignal): Promise<MemoryNeed> => {
    for (const other of underWay) {
      if (other.weighed !== undefined) continue;
      try {
        other.weighed = await weigh(other.spec, nothing, signal);
      } catch (error) {
        signal.throwIfAborted();
        // its own load says what is wrong with it
        log.warn('a load could not be weighed', { path: other.spec.path, error });
        other.weighed = { ...nothing, weightsBytes: 0 };
      }
    }
    return sumOf([...underWay].map(leftOf));
  };

  const add = (spec: LoadSpec, weighed: Promised['weighed']): Reservation => {
    const own: Promised = { spec, ended: Promise.withResolvers(), fraction: 0, weighed };
    underWay.add(own);
    return {
      progressed: (fraction) => {
        own.fraction = fraction;
      },
      [Symbol.dispose]: () => {
        underWay.delete(own);
        own.ended.resolve(undefined);
      },
    };
  };

  /** The reservation; nothing where the load has to wait until another one has ended. */
  const tryAdmit = async (spec: LoadSpec, signal: AbortSignal): Promise<Reservation | undefined> => {
    signal.throwIfAborted();
    if (underWay.size === 0) return add(spec, undefined);
    const weighed = await weigh(spec, await promised(signal), signal);
    if (weighed.fits || underWay.size === 0) return add(spec, weighed);
    if (spec.settings.contextSize === 'auto') return undefined;
    throw new AppError('engine.out-of-memory', 'There is no room beside a model that is being loaded.', {
      hint: weighed.advice,
      details: { path: spec.path },
    });
  };

  const someEnd = async (signal: AbortSignal): Promise<void> => {
    const aborted = Promise.withResolvers<undefined>();
    const stop = (): void => aborted.resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
    await Promise.race([aborted.promise, ...[...underWay].map(({ ended }) => ended.promise)]);
    signal.removeEventListener('abort', stop);
  };

  return {
    promised,
    reserve: async (spec, signal) => {
      for (;;) {
        const turn = last.then(() => tryAdmit(spec, signal));
        last = turn.catch(() => undefined);
        const reservation = await turn;
        if (reservation !== undefined) return reservation;
        await someEnd(signal);
      }
    },
  };
};
