import { AppError } from '../../shared/errors/app-error.ts';
import type { EngineStep, StepTotals } from '../../shared/contract/engine-steps.ts';
import type { Replica } from '../../shared/contract/engine.ts';
import type { EngineSettings } from '../../shared/contract/models.ts';
import type { Ports } from '../platform/ports.ts';
import type { FactStore } from '../platform/stores.ts';
import { identifyModel, type MemoryLedger } from '../models/index.ts';
import { createCrashLedger, type CrashHistory } from './crash-ledger.ts';
import type { EnginePool, EngineReplica, LoadSpec } from './engine.ts';
import { explainShortage } from './explain-shortage.ts';
import { createLoadLedger, type LoadLedger, type LoadScale, type Reservation } from './load-ledger.ts';
import type { PrefixCachePlace } from './protocol.ts';
import type { SharedLoads } from './shared-loads.ts';
import { createReplica, type SupervisedReplica } from './replica.ts';
import { readThreadChoice, shareThreads, threadFactKey } from './thread-policy.ts';
import { openWeightRecord } from './weight-record.ts';

export interface EnginePoolOptions extends Pick<
  Ports,
  'processes' | 'clock' | 'log' | 'random' | 'host' | 'files'
> {
  readonly facts: FactStore;
  /**
   * Checks the header, and that the settings can fit at all, before native code sees the file.
   * @throws AppError `models.*`, `engine.out-of-memory`
   */
  readonly validate: (path: string, settings: EngineSettings) => Promise<void>;
  /** Asked before a load that may not fit; without it each load finds out in llama.cpp. */
  readonly scale?: LoadScale;
  /** What other hosts of the machine load; without it this host has the machine to itself. */
  readonly sharedLoads?: SharedLoads;
  /** Every change of state of every replica. */
  readonly onReplicaChange?: (replica: Replica) => void;
  /** The prefix cache's place on disk and its size, asked at every load; without it prefixes end with their engine. */
  readonly prefixCache?: () => Omit<PrefixCachePlace, 'model'>;
  /** Compares every load with what was expected, and learns from it. */
  readonly memory?: Pick<MemoryLedger, 'record'>;
  /** `public` runs the fallback on the library's public API; its own tests do. */
  readonly batchEngine?: 'auto' | 'public';
}

/** The pool, what the app does with marks, and what it may promise of the memory. */
export interface ManagedEnginePool extends EnginePool, Pick<LoadLedger, 'promised'> {
  /** Lets a model that was marked bad after three crashes be loaded again. */
  clearMark(path: string): void;
  /** The newest steps of a replica, oldest first. @throws AppError `app.not-found` */
  steps(replicaId: string, count: number): readonly EngineStep[];
  /** Of all steps of a replica's process so far; `undefined` where it is not loaded. */
  stepTotals(replicaId: string): StepTotals | undefined;
}

interface Holding {
  readonly replica: SupervisedReplica;
  readonly key: string;
  readonly started: Promise<void>;
  readonly progress: Set<(fraction: number) => void>;
  /** Ends a load that waits for memory. */
  readonly closing: AbortController;
  holders: number;
}

/** Waits for `promise`, or rejects with `app.cancelled` as soon as `signal` aborts. */
const orCancelled = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    const cancel = () => reject(new AppError('app.cancelled', undefined, { cause: signal.reason }));
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
  });

/** On which everything fits. */
const noScale: LoadScale = {
  weigh: () => Promise.resolve({ ramBytes: 0, vramBytes: 0, weightsBytes: 0, fits: true, advice: '' }),
  isTight: () => Promise.resolve(false),
};

export const createEnginePool = (options: EnginePoolOptions): ManagedEnginePool => {
  const { facts, files, host, random } = options;
  const ledger = createCrashLedger(options);
  const scale = options.scale ?? noScale;
  const promises = createLoadLedger({ scale, log: options.log, shared: options.sharedLoads });
  const explaining = { weigh: scale.weigh, promised: promises.promised, log: options.log };
  const holdings = new Map<string, Holding>();
  const watchers = new Set<(replica: Replica) => void>();
  let isClosed = false;

  const publish = (replica: Replica): void => {
    try {
      options.onReplicaChange?.(replica);
    } catch (error) {
      // a full disk, say: who is told must not keep an engine from being stopped
      options.log.warn('a change of an engine could not be told', { replicaId: replica.id, error });
    }
    for (const act of watchers) act(replica);
  };

  const busyReplicas = (): readonly SupervisedReplica[] =>
    [...holdings.values()].map(({ replica }) => replica).filter((replica) => replica.isBusy());
  const shareCores = (): void => {
    const busy = busyReplicas();
    const limit = shareThreads(host.availableParallelism(), busy.length);
    for (const replica of busy) replica.limitThreads(limit);
  };

  const open = (
    spec: LoadSpec,
    key: string,
    { modelBytes, crashes }: { modelBytes: number; crashes: CrashHistory },
  ): Holding => {
    // a benchmark measures the prefill itself
    const place = spec.isExclusive ? undefined : options.prefixCache?.();
    const cores = host.availableParallelism();
    const factKey = threadFactKey(cores, modelBytes);
    const progress: Holding['progress'] = new Set();
    let reservation: Reservation | undefined;
    const replica = createReplica(random.id('replica'), spec, {
      processes: options.processes,
      clock: options.clock,
      log: options.log,
      host,
      crashes,
      threadLimit: () => shareThreads(cores, busyReplicas().length),
      knownThreads: () => spec.threadChoice ?? readThreadChoice(facts.get(factKey)),
      rememberThreads: (choice) => facts.set(factKey, choice),
      batchEngine: options.batchEngine ?? 'auto',
      identify: () => identifyModel(files, spec.path),
      weights: (model) => openWeightRecord(facts, model),
      prefixCache: (model) => (place === undefined ? null : { ...place, model }),
      // what adapters add is no experience with the model
      recordMemory: (loaded) =>
        (spec.adapters ?? []).length > 0 ? undefined : options.memory?.record(spec.modelId, loaded),
      explain: (error, signal) => {
        reservation?.[Symbol.dispose](); // what it had taken is free again
        return explainShortage(error, spec, explaining, signal);
      },
      onChange: publish,
      onBusy: shareCores,
    });
    const closing = new AbortController();
    const start = async (): Promise<void> => {
      using reserved = await promises.reserve(spec, closing.signal);
      reservation = reserved;
      closing.signal.throwIfAborted();
      await replica.start((fraction, residentBytes) => {
        reserved.progressed(fraction, residentBytes);
        for (const act of progress) act(fraction);
      });
    };
    const holding = { replica, key, started: start(), progress, closing, holders: 0 };
    holdings.set(replica.id, holding);
    return holding;
  };

  const close = async (holding: Holding): Promise<void> => {
    if (!holdings.delete(holding.replica.id)) return;
    holding.closing.abort(new AppError('engine.not-ready', 'The model was unloaded.'));
    await holding.replica[Symbol.asyncDispose]();
  };
  const release = async (holding: Holding): Promise<void> => {
    holding.holders -= 1;
    if (holding.holders === 0) await close(holding);
  };

  /** The replica as one holder sees it: disposing lets go, and unloads when it was the last. */
  const handleOf = (holding: Holding): EngineReplica => {
    let isReleased = false;
    return {
      ...holding.replica,
      [Symbol.asyncDispose]: async () => {
        if (isReleased) return;
        isReleased = true;
        await release(holding);
      },
    };
  };

  return {
    acquire: async (spec, { signal, onProgress }) => {
      if (isClosed) throw new AppError('engine.not-ready', 'The engine pool is closed.');
      const stat = await files.stat(spec.path);
      if (stat?.kind !== 'file')
        throw new AppError('files.not-found', `No such file: ${spec.path}`, { hint: 'Check the path.' });
      const crashes = await ledger.open(spec.path);
      crashes.refuseMarked();
      await options.validate(spec.path, spec.settings);
      const fileId = await identifyModel(files, spec.path);
      signal.throwIfAborted();

      // a file that was written again is not what an engine has loaded from that path
      const key = JSON.stringify([spec.path, fileId, spec.settings, spec.adapters ?? []]);
      const shared = [...holdings.values()].find(
        (holding) => !spec.isExclusive && holding.key === key && holding.replica.state().type !== 'failed',
      );
      const holding =
        shared ??
        open(spec, spec.isExclusive ? random.id('exclusive') : key, {
          modelBytes: stat.sizeBytes,
          crashes,
        });
      holding.holders += 1;
      if (onProgress !== undefined) holding.progress.add(onProgress);
      try {
        await orCancelled(holding.started, signal);
      } catch (error) {
        await release(holding);
        throw error;
      } finally {
        if (onProgress !== undefined) holding.progress.delete(onProgress);
      }
      return handleOf(holding);
    },
    list: () => [...holdings.values()].map(({ replica }) => replica.snapshot()),
    unload: async (replicaId) => {
      const holding = holdings.get(replicaId);
      if (holding === undefined) throw new AppError('app.not-found', `No engine has the id ${replicaId}.`);
      await close(holding);
    },
    onChange: (act) => {
      watchers.add(act);
      return { [Symbol.dispose]: () => void watchers.delete(act) };
    },
    steps: (replicaId, count) => {
      const holding = holdings.get(replicaId);
      if (holding !== undefined) return holding.replica.newestSteps(count);
      throw new AppError('app.not-found', `No engine ${replicaId} is loaded here.`, {
        hint: 'dyno engines list shows them.',
      });
    },
    stepTotals: (replicaId) => holdings.get(replicaId)?.replica.stepTotals(),
    clearMark: (path) => ledger.clear(path),
    promised: promises.promised,
    [Symbol.asyncDispose]: async () => {
      isClosed = true;
      await Promise.all([...holdings.values()].map(close));
    },
  };
};
