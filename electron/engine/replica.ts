import type { EngineStep, StepTotals } from '../../shared/contract/engine-steps.ts';
import type { EngineFacts, EngineState, Replica } from '../../shared/contract/engine.ts';
import type { MemoryPrediction } from '../../shared/contract/memory.ts';
import { AppError, toAppError } from '../../shared/errors/app-error.ts';
import type { Ports } from '../platform/ports.ts';
import { childEnvironment } from './child-environment.ts';
import { markedBad, type CrashHistory } from './crash-ledger.ts';
import type { EngineReplica, LoadSpec } from './engine.ts';
import { startEngineProcess, type EngineProcess, type OnLoading } from './engine-process.ts';
import type { EngineCall, EngineCallResult, EngineLoad, LoadMessage } from './protocol.ts';
import { createStepMeter } from './step-meter.ts';
import type { ThreadChoice } from './thread-policy.ts';
import type { WeightRecord } from './weight-record.ts';

interface ReplicaPorts extends Pick<Ports, 'processes' | 'clock' | 'log' | 'host'> {
  readonly crashes: CrashHistory;
  /** Threads this replica may use now. */
  readonly threadLimit: () => number;
  readonly knownThreads: () => ThreadChoice | null;
  readonly rememberThreads: (choice: ThreadChoice) => void;
  readonly batchEngine: LoadMessage['batchEngine'];
  /** Names what lies at the path now, see `identifyModel`. */
  readonly identify: () => Promise<string>;
  /** Where prefixes of the file are kept. */
  readonly prefixCache: (fileId: string) => LoadMessage['prefixCache'];
  readonly weights: (fileId: string) => WeightRecord;
  readonly onChange: (replica: Replica) => void;
  /** Remembers what the load took; gives what was expected. */
  readonly recordMemory: (facts: EngineFacts) => MemoryPrediction | undefined;
  /** What a load that failed is told as, once its process is gone. */
  readonly explain: (error: AppError, signal: AbortSignal) => Promise<AppError>;
  /** The replica began or stopped working: the pool shares the cores anew. */
  readonly onBusy: () => void;
}

/** A replica as the pool holds it. */
export interface SupervisedReplica extends EngineReplica {
  readonly spec: LoadSpec;
  /** Loads for the first time. @throws AppError; the replica is then `failed`. */
  start(onProgress: OnLoading): Promise<void>;
  /** Its newest steps, oldest first; 512 are kept, of the process that runs now. */
  newestSteps(count: number): readonly EngineStep[];
  /** Of all its steps, of the process that runs now. */
  stepTotals(): StepTotals;
  isBusy(): boolean;
  limitThreads(threadLimit: number): void;
}

const idleLoad: EngineLoad = { running: 0, queued: 0, kvTokens: 0, residentBytes: 0, loopDelayP99Ms: null };

const unexpected = (method: string): AppError =>
  new AppError('app.internal', `The engine answered another call than ${method}.`);

const unloaded = (): AppError => new AppError('engine.not-ready', 'The model was unloaded.');

/**
 * One loaded model in a child of its own, and its supervisor. States and transitions are those of
 * `shared/contract/engine.ts`; a crash costs the requests of the moment, then the child is started again.
 */
export const createReplica = (id: string, spec: LoadSpec, ports: ReplicaPorts): SupervisedReplica => {
  const { crashes, clock, log } = ports;
  const watchers = new Set<(replica: Replica) => void>();
  const closing = new AbortController();
  let state: EngineState = { type: 'idle' };
  let engine: EngineProcess | undefined;
  let load = idleLoad;
  let steps = createStepMeter();
  let fileId: string | null = null;

  const snapshot = (): Replica => ({
    id,
    modelId: spec.modelId,
    modelPath: spec.path,
    settings: spec.settings,
    state,
    pid: engine?.pid ?? null,
    running: load.running,
    queued: load.queued,
    kvTokens: load.kvTokens,
    residentBytes: load.residentBytes > 0 ? load.residentBytes : null,
    steps: steps.stats(load.loopDelayP99Ms),
  });

  const isClosed = (): boolean => state.type === 'stopping' || state.type === 'stopped';
  const enter = (next: EngineState): void => {
    state = next;
    const replica = snapshot();
    for (const act of watchers) act(replica);
    ports.onChange(replica);
  };

  const setLoad = (next: EngineLoad): void => {
    const wasBusy = load.running > 0;
    load = next;
    if (wasBusy !== next.running > 0) ports.onBusy();
  };

  /** Starts a child and loads the model in it. */
  const launch = async (onProgress: OnLoading): Promise<void> => {
    const started = startEngineProcess({
      processes: ports.processes,
      env: childEnvironment(ports.host),
      label: `engine: ${spec.modelId}`,
      onStep: (done, next) => {
        steps.add(done);
        setLoad(next);
      },
      onThreadsChanged: (threads, reason) => log.info('engine threads changed', { id, threads, reason }),
      onProblem: (message) => log.warn('engine', { id, message }),
    });
    engine = started;
    steps = createStepMeter();
    enter({ type: 'loading', fraction: 0 });
    fileId = null;
    const wanted = await ports.identify(); // a stop meanwhile ends the child, and its load with it
    const weights = ports.weights(wanted);
    const message: LoadMessage = {
      type: 'load',
      path: spec.path,
      settings: spec.settings,
      threadLimit: ports.threadLimit(),
      knownThreads: ports.knownThreads(),
      batchEngine: ports.batchEngine,
      checkTensors: !weights.areChecked(),
      adapters: spec.adapters ?? [],
      prefixCache: ports.prefixCache(wanted),
    };
    let peakBytes = 0;
    const { facts: loaded, measuredThreads } = await started.load(message, (fraction, residentBytes) => {
      if (state.type !== 'loading') return;
      peakBytes = Math.max(peakBytes, residentBytes);
      if (fraction !== state.fraction) enter({ type: 'loading', fraction }); // the memory alone is no news to others
      onProgress(fraction, residentBytes);
    });
    const now = await ports.identify().catch((error: unknown) => toAppError(error));
    if (isClosed()) throw unloaded();
    if (now === wanted) fileId = wanted;
    else log.warn('a model file changed while it was loaded', { id, path: spec.path, now });
    const loadPeakBytes = Math.max(peakBytes, loaded.memory.processBytes);
    const measured = { ...loaded, memory: { ...loaded.memory, loadPeakBytes } };
    if (message.checkTensors) weights.remember();
    if (measuredThreads !== null) ports.rememberThreads(measuredThreads);
    load = { ...idleLoad, residentBytes: measured.memory.processBytes };
    const predicted = ports.recordMemory(measured);
    const memory = { ...measured.memory, ...(predicted !== undefined && { predicted }) };
    enter({ type: 'ready', facts: { ...measured, memory } });
    void started.crashed.then(recover);
  };

  /** Ends the child of a load that failed. */
  const fail = async (failure: AppError): Promise<AppError> => {
    await engine?.stop(failure);
    return ports.explain(failure, closing.signal);
  };

  /** Restarts with back-off until the model loads or is marked bad. */
  const recover = async (error: AppError): Promise<void> => {
    load = idleLoad;
    ports.onBusy();
    let last = error;
    while (!isClosed()) {
      log.error('engine crashed', { id, path: spec.path, error: last });
      const verdict = crashes.record(last.message);
      if (verdict.type === 'mark-bad') {
        enter({ type: 'failed', error: markedBad(spec.path, last.message).toPayload() });
        return;
      }
      enter({ type: 'restarting', attempt: verdict.attempt, inMs: verdict.inMs, error: last.toPayload() });
      try {
        await clock.sleep(verdict.inMs, closing.signal);
        await launch(() => undefined);
        return;
      } catch (failure) {
        if (isClosed()) return;
        last = await fail(toAppError(failure));
        if (last.code !== 'engine.crashed') {
          enter({ type: 'failed', error: last.toPayload() });
          return;
        }
      }
    }
  };

  const ready = (): EngineProcess => {
    if (state.type === 'ready' && engine !== undefined) return engine;
    if (state.type === 'failed')
      throw new AppError('engine.not-ready', `The engine failed: ${state.error.message}`, {
        hint: state.error.hint,
      });
    throw new AppError('engine.not-ready', `The engine is ${state.type}.`, {
      hint: 'Try again when the model is loaded.',
    });
  };
  const call = async <M extends EngineCall['method']>(
    request: Extract<EngineCall, { method: M }>,
    options?: Parameters<EngineProcess['call']>[1],
  ): Promise<Extract<EngineCallResult, { method: M }>> => {
    const result = await ready().call(request, options);
    const isExpected = (value: EngineCallResult): value is Extract<EngineCallResult, { method: M }> =>
      value.method === request.method;
    if (!isExpected(result)) throw unexpected(request.method);
    return result;
  };

  return {
    id,
    spec,
    modelId: spec.modelId,
    modelPath: spec.path,
    fileId: () => fileId,
    snapshot,
    state: () => state,
    newestSteps: (count) => steps.newest(count),
    stepTotals: () => steps.totals(),
    isBusy: () => load.running > 0 || load.queued > 0,
    limitThreads: (threadLimit) => {
      if (state.type === 'ready' && spec.settings.threads === 'auto') engine?.limitThreads(threadLimit);
    },
    start: async (onProgress) => {
      try {
        await launch(onProgress);
      } catch (error) {
        const failure = toAppError(error);
        if (isClosed()) throw failure;
        const explained = await fail(failure);
        if (explained.code === 'engine.crashed') crashes.record(explained.message);
        if (!isClosed()) enter({ type: 'failed', error: explained.toPayload() });
        throw explained;
      }
    },
    facts: () => {
      ready();
      if (state.type !== 'ready') throw new AppError('engine.not-ready');
      return state.facts;
    },
    onChange: (act) => {
      watchers.add(act);
      return { [Symbol.dispose]: () => void watchers.delete(act) };
    },
    generate: (request, signal) => ready().generate(request, signal),
    embed: async (inputs, signal) => {
      const { vectors, promptTokens } = await call({ method: 'embed', inputs }, { signal });
      return { vectors, promptTokens };
    },
    rank: async (query, documents, signal) => {
      const { scores, promptTokens } = await call({ method: 'rank', query, documents }, { signal });
      return { scores, promptTokens };
    },
    tokenize: async (text, { parseSpecial = false } = {}) =>
      (await call({ method: 'tokenize', text, parseSpecial })).tokens,
    detokenize: async (tokens) => (await call({ method: 'detokenize', tokens })).text,
    renderChat: async (prompt) => {
      const { text, tokens } = await call({ method: 'render', prompt });
      return { text, tokens };
    },
    runLadder: async (test, { signal, onTick }) =>
      (await call({ method: 'ladder', test }, { signal, ...(onTick && { onTick }) })).repetition,
    clearCache: async () => {
      await call({ method: 'clear-cache' });
    },
    usage: async () => {
      const { cpuSeconds, residentBytes } = await call({ method: 'usage' });
      return { cpuSeconds, residentBytes };
    },
    [Symbol.asyncDispose]: async () => {
      if (isClosed()) return;
      enter({ type: 'stopping' });
      closing.abort();
      await engine?.stop(unloaded());
      engine = undefined;
      load = idleLoad;
      enter({ type: 'stopped' });
      ports.onBusy();
    },
  };
};
