import { AppError } from '../../shared/errors/app-error.ts';
import { formatCount } from '../../shared/units/format.ts';
import type { Logger } from '../platform/ports.ts';
import type { LoadSpec } from './engine.ts';
import { noSharedLoads, type ForeignLoad, type PostedLoad, type SharedLoads } from './shared-loads.ts';

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
  spec: Pick<LoadSpec, 'path' | 'settings' | 'adapters'>,
  promised: MemoryNeed,
  signal: AbortSignal,
) => Promise<WeighedLoad>;

/** The memory of this machine and what models take of it. */
export interface LoadScale {
  readonly weigh: WeighLoad;
  /** True when the least a load takes is much of what is free: then it is weighed although nothing else loads. */
  isTight(spec: Pick<LoadSpec, 'path' | 'settings' | 'adapters'>, signal: AbortSignal): Promise<boolean>;
}

/** A load that is under way: disposed when it has taken its memory, or given up. */
export interface Reservation extends Disposable {
  /** Of the weights, 0..1, and the memory that the loading process has resident. */
  progressed(fraction: number, residentBytes?: number): void;
}

/**
 * Memory promised to loads that have not taken it yet, so that two at once do not both count on the same bytes: those of
 * this host, and those of the other hosts of the machine.
 */
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

type Weight = MemoryNeed & Pick<WeighedLoad, 'weightsBytes'>;

interface Promised {
  readonly spec: LoadSpec;
  readonly posted: PostedLoad;
  readonly ended: PromiseWithResolvers<undefined>;
  fraction: number;
  residentBytes: number;
  /** Weighed when a second load first asks. */
  weighed: Weight | undefined;
}

interface Options {
  readonly scale: LoadScale;
  readonly log: Logger;
  readonly shared?: SharedLoads | undefined;
}

const nothing: MemoryNeed = { ramBytes: 0, vramBytes: 0 };

/**
 * What is still to be taken: weights come with the progress, the context after it. What the process has resident is no
 * longer free, so promising it, too, would count it twice.
 */
const leftOf = (
  { ramBytes, vramBytes, weightsBytes }: Weight,
  { fraction, residentBytes = 0 }: { readonly fraction: number; readonly residentBytes?: number },
): MemoryNeed => {
  const share = 1 - fraction * Math.min(1, weightsBytes / Math.max(1, ramBytes + vramBytes));
  const unheldBytes = Math.max(0, ramBytes - residentBytes);
  return { ramBytes: Math.min(ramBytes * share, unheldBytes), vramBytes: vramBytes * share };
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

export const createLoadLedger = ({
  scale: { weigh, isTight },
  log,
  shared = noSharedLoads,
}: Options): LoadLedger => {
  const underWay = new Set<Promised>();
  /** Of other hosts' loads, by id; those that ended are forgotten at the next look. */
  let foreignWeights = new Map<string, Weight>();
  /** Admissions one after another: the second must see the first. */
  let last: Promise<unknown> = Promise.resolve();

  const weightOf = async (
    load: Pick<LoadSpec, 'path' | 'settings'>,
    signal: AbortSignal,
  ): Promise<Weight> => {
    try {
      return await weigh(load, nothing, signal);
    } catch (error) {
      signal.throwIfAborted();
      // its own load says what is wrong with it
      log.warn('a load could not be weighed', { path: load.path, error });
      return { ...nothing, weightsBytes: 0 };
    }
  };

  const promisedBeside = async (
    foreign: readonly ForeignLoad[],
    signal: AbortSignal,
  ): Promise<MemoryNeed> => {
    const needs: MemoryNeed[] = [];
    for (const own of underWay) {
      own.weighed ??= await weightOf(own.spec, signal);
      needs.push(leftOf(own.weighed, own));
    }
    const known = foreignWeights;
    foreignWeights = new Map();
    for (const load of foreign) {
      const weight = known.get(load.id) ?? (await weightOf(load, signal));
      foreignWeights.set(load.id, weight);
      needs.push(leftOf(weight, load));
    }
    return sumOf(needs);
  };

  const add = (spec: LoadSpec, posted: PostedLoad, weighed: Weight | undefined): Reservation => {
    const own: Promised = {
      spec,
      posted,
      ended: Promise.withResolvers(),
      fraction: 0,
      residentBytes: 0,
      weighed,
    };
    underWay.add(own);
    return {
      progressed: (fraction, residentBytes = own.residentBytes) => {
        own.fraction = fraction;
        own.residentBytes = residentBytes;
        posted.progressed(fraction);
      },
      [Symbol.dispose]: () => {
        underWay.delete(own);
        posted[Symbol.dispose]();
        own.ended.resolve(undefined);
      },
    };
  };

  /** The weight of a load for which there is room; `wait` where it has to wait until another one has ended. */
  const tryPosted = async (
    spec: LoadSpec,
    posted: PostedLoad,
    signal: AbortSignal,
  ): Promise<Weight | 'unweighed' | 'wait'> => {
    signal.throwIfAborted();
    const count = (): number => underWay.size + posted.earlier().length;
    const others = count();
    if (others === 0 && !(await isTight(spec, signal))) return 'unweighed';
    const weighed = await weigh(spec, await promisedBeside(posted.earlier(), signal), signal);
    if (weighed.fits) return weighed;
    // one that ended meanwhile has taken its memory, or given it up
    if (count() < others) return tryPosted(spec, posted, signal);
    if (spec.settings.contextSize !== 'auto') throw noRoom(spec, weighed.advice, others);
    return others === 0 ? weighed : 'wait';
  };

  const tryAdmit = async (spec: LoadSpec, signal: AbortSignal): Promise<Reservation | undefined> => {
    signal.throwIfAborted();
    using scope = new DisposableStack();
    const posted = scope.use(shared.post(spec));
    const outcome = await tryPosted(spec, posted, signal);
    if (outcome === 'wait') return undefined;
    scope.move();
    return add(spec, posted, outcome === 'unweighed' ? undefined : outcome);
  };

  const someEnd = async (signal: AbortSignal): Promise<void> => {
    const aborted = Promise.withResolvers<undefined>();
    const stop = (): void => aborted.resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
    const ends: Promise<unknown>[] = [...underWay].map(({ ended }) => ended.promise);
    // an aborted pause has nothing to add to the abort
    if (shared.others().length > 0) ends.push(shared.pause(signal).catch(() => undefined));
    await Promise.race([aborted.promise, ...ends]);
    signal.removeEventListener('abort', stop);
  };

  return {
    promised: (signal) => promisedBeside(shared.others(), signal),
    reserve: async (spec, signal) => {
      for (;;) {
        const turn = last.then(() => tryAdmit(spec, signal));
        last = turn.catch(() => undefined); // its own caller is told
        const reservation = await turn;
        if (reservation !== undefined) return reservation;
        await someEnd(signal);
      }
    },
  };
};
