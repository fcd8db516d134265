import { AppError } from '../../shared/errors/app-error.ts';
import { formatCount } from '../../shared/units/format.ts';
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

/** The memory of this machine and what models take of it. */
export interface LoadScale {
  readonly weigh: WeighLoad;
  /** True when the least a load takes is much of what is free: then it is weighed although nothing else loads. */
  isTight(spec: Pick<LoadSpec, 'path' | 'settings'>, signal: AbortSignal): Promise<boolean>;
}

/** A load that is under way: disposed when it has taken its memory, or given up. */
export interface Reservation extends Disposable {
  progressed(fraction: number): void;
}

/** Memory promised to loads that have not taken it yet, so that two at once do not both count on the same bytes. */
export interface LoadLedger {
  /**
   * Admits a load. One that is alone and small beside the free memory is not weighed, which takes a second. A large one
   * is, whatever llama.cpp thinks of it: its own check has let many contexts in a row pass until the system killed one.
   * An automatic context takes what is left, so it waits for the others where the usual one does not fit beside them.
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

const noRoom = ({ path, settings }: LoadSpec, advice: string, others: number): AppError => {
  const { contextSize, slots } = settings;
  const wish = `${slots === 1 ? '1 slot' : `${slots} slots`} of ${formatCount(Number(contextSize))} tokens`;
  const beside = others === 0 ? '' : ' beside a model that is being loaded';
  return new AppError('engine.out-of-memory', `There is no room for ${wish}${beside}.`, {
    hint: advice,
    details: { path },
  });
};

export const createLoadLedger = ({ weigh, isTight }: LoadScale, log: Logger): LoadLedger => {
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
    const others = underWay.size;
    if (others === 0 && !(await isTight(spec, signal))) return add(spec, undefined);
    const weighed = await weigh(spec, await promised(signal), signal);
    if (weighed.fits) return add(spec, weighed);
    // one that ended meanwhile has taken its memory, or given it up
    if (underWay.size < others) return tryAdmit(spec, signal);
    if (spec.settings.contextSize !== 'auto') throw noRoom(spec, weighed.advice, others);
    return others === 0 ? add(spec, weighed) : undefined;
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
