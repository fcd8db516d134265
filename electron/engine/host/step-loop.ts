import type { EngineStep } from '../../../shared/contract/engine-steps.ts';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { toAppError } from '../../../shared/errors/app-error.ts';
import type { Clock } from '../../platform/ports.ts';
import type { FinishReason, GenerateEvent } from '../engine.ts';
import type { ChildMessage, EngineLoad } from '../protocol.ts';
import { groupByAdapters, noAdapters } from './adapter-mix.ts';
import type { AnswerEvent } from './answer/answer-stream.ts';
import type { BatchEngine, Sampled, StepItem } from './batch-engine.ts';
import { decodeTimed, type TimedBatch } from './decode-timed.ts';
import type { PrefixStore } from './prefix-store/prefix-store.ts';
import type { PreparedRequest } from './prepared-request.ts';
import type { ProcessMeter } from './process-meter.ts';
import { abortedInQueue, finishedEvent, startRequest, type RunningRequest } from './running-request.ts';
import { planStep, updatePrefillCost, type PrefillPiece } from './scheduler.ts';
import { decodeItems, prefillItems } from './step-items.ts';
import { createStepReport } from './step-report.ts';
import { createSlotTable } from './slot-table.ts';
import type { ThreadControl } from './thread-control.ts';
import type { Vocabulary } from './vocabulary.ts';

interface StepLoopPorts {
  readonly engine: BatchEngine;
  readonly vocabulary: Vocabulary;
  readonly clock: Clock;
  readonly meter: ProcessMeter;
  readonly threads: ThreadControl;
  /** Absent in benchmarks, and where a state cannot be saved. */
  readonly store?: PrefixStore | undefined;
  /** Called once per step with everything that happened in it. */
  readonly onStep: (news: Omit<Extract<ChildMessage, { type: 'step' }>, 'type'>) => void;
  readonly onFailed: (id: string, error: AppError) => void;
}

export interface StepLoop {
  submit(request: PreparedRequest): void;
  /** The request ends with `finished: aborted` at the next step. Unknown ids are ignored: it may just have ended. */
  abort(id: string): void;
  /** Runs `act` between two steps, while nothing else touches the engine. */
  exclusive<T>(act: () => Promise<T>): Promise<T>;
  /** Forgets every cached prefix of the idle slots, on disk too. */
  clearCache(): Promise<void>;
  /** Puts on disk what the idle slots hold, where that is worth it. */
  saveIdle(): Promise<void>;
  load(): EngineLoad;
  isIdle(): boolean;
}

/**
 * The one owner of the engine. Per step: drop what was aborted, give free slots to waiting requests, decode all
 * running sequences in one full batch, prefill a piece, and tell the host in one message.
 */
export const createStepLoop = (ports: StepLoopPorts): StepLoop => {
  const { engine, vocabulary, clock, threads } = ports;
  const table = createSlotTable(engine, ports.store);
  const { slots } = table;
  const queue: PreparedRequest[] = [];
  const exclusives: (() => Promise<void>)[] = [];
  let events: (readonly [string, GenerateEvent])[] = [];
  let stepCount = 0;
  let isRunning = false;
  let prefillCost: number | null = null;
  const report = createStepReport(clock, ports.meter);
  // single-token items are built anew each step, their one-element arrays are not
  const feeds = slots.map(() => new Uint32Array(1));

  const running = (): RunningRequest[] =>
    slots.flatMap(({ request }) => (request === undefined ? [] : [request]));

  const moment = () => ({ msPerPrefillToken: prefillCost, isBusy: running().length > 0 });

  const hasWork = (): boolean => queue.length > 0 || slots.some(({ request }) => request !== undefined);

  const load = (): EngineLoad =>
    report.load({
      running: running().length,
      queued: queue.length,
      kvTokens: slots.reduce((sum, { tokens }) => sum + tokens.length, 0),
    });

  const flush = (): void => {
    if (events.length === 0) return;
    const told = events;
    events = [];
    ports.onStep({ events: told, steps: report.take(), load: load() });
  };

  const tell = (id: string, told: readonly AnswerEvent[]): void => {
    for (const event of told) events.push([id, event]);
  };

  const finish = (request: RunningRequest, reason: FinishReason): void => {
    const { prepared, slot } = request;
    tell(prepared.id, prepared.answer.end());
    events.push([prepared.id, finishedEvent(request, reason)]);
    slot.request = undefined;
    slot.lastUsed = stepCount;
  };

  const fail = (request: RunningRequest, error: AppError): void => {
    request.slot.request = undefined;
    request.slot.tokens = [];
    ports.onFailed(request.prepared.id, error);
  };

  const finishQueuedAborts = (): void => {
    for (const waiting of queue.filter(({ isAborted }) => isAborted)) {
      queue.splice(queue.indexOf(waiting), 1);
      events.push([waiting.id, abortedInQueue(waiting, clock.monotonicMs())]);
    }
  };

  const admit = async (): Promise<void> => {
    for (let waiting = queue[0]; waiting !== undefined; waiting = queue[0]) {
      const place = table.place(waiting);
      if (place === undefined) return;
      queue.shift();
      try {
        const kept = await table.prepareCache(place, moment());
        engine.configure(place.slot.sequence, waiting.sampler);
        const nowMs = clock.monotonicMs();
        place.slot.request = startRequest(waiting, place.slot, kept, nowMs);
        const { length } = waiting.prompt;
        const queueMs = nowMs - waiting.arrivedMs;
        events.push([waiting.id, { type: 'started', promptTokens: length, cachedTokens: kept, queueMs }]);
      } catch (error) {
        place.slot.tokens = [];
        ports.onFailed(waiting.id, toAppError(error));
      }
    }
  };

  const accept = (request: RunningRequest, { token, logprob, top }: Sampled): void => {
    const { prepared } = request;
    const nowMs = clock.monotonicMs();
    if (request.outputTokens === 0) request.firstTokenMs = nowMs;
    request.lastTokenMs = nowMs;
    if (!prepared.ignoreEos && vocabulary.isEndOfGeneration(token)) {
      finish(request, 'stop');
      return;
    }
    request.outputTokens += 1;
    request.next = token;
    const bytes = vocabulary.bytesOf(token, prepared.isSpecialShown(token));
    const told =
      logprob === undefined
        ? prepared.answer.push(bytes)
        : prepared.answer.push(bytes, prepared.describeLogprob(token, logprob, top ?? []));
    tell(prepared.id, told);
    if (prepared.answer.isStopped) {
      finish(request, 'stop');
      return;
    }
    if (request.outputTokens >= prepared.maxTokens) {
      finish(request, 'length');
      return;
    }
    prepared.afterToken?.(token, (gbnf, accepted) =>
      engine.setGrammar(request.slot.sequence, gbnf, accepted),
    );
  };

  /** Runs one batch; an engine failure costs the requests in it, not the loop. */
  const decode = async (
    items: readonly StepItem[],
    requests: readonly RunningRequest[],
  ): Promise<TimedBatch | undefined> => {
    try {
      return await decodeTimed(engine, items, clock);
    } catch (error) {
      for (const request of requests) {
        await engine.truncate(request.slot.sequence, 0);
        fail(request, toAppError(error));
      }
      return undefined;
    }
  };

  const record = (
    { atMs, tookMs, sampleMs }: TimedBatch,
    counts: Pick<EngineStep, 'decoded' | 'prefilled'>,
  ): void =>
    report.add({ atMs, ...counts, tookMs, sampleMs, running: running().length, queued: queue.length });

  /** Batches have one mix of adapters, as in llama.cpp's server. */
  const oneMix = (requests: readonly RunningRequest[]) =>
    groupByAdapters(requests, ({ prepared }) => prepared.adapters.key);
  const useAdaptersOf = ([first]: readonly RunningRequest[]): boolean =>
    engine.useAdapters(first?.prepared.adapters ?? noAdapters);

  const decodeBatch = async (requests: readonly RunningRequest[]): Promise<void> => {
    const isChange = useAdaptersOf(requests);
    threads.beforeDecode(engine);
    const batch = await decode(decodeItems(requests, feeds), requests);
    if (batch === undefined) return;
    // a new plan of the graph says nothing about the cores
    if (!isChange) threads.afterDecode(requests.length, batch.tookMs);
    record(batch, { decoded: requests.length, prefilled: 0 });
    for (const [index, request] of requests.entries()) {
      request.slot.tokens.push(request.next ?? 0);
      const result = batch.sampled[index];
      if (result !== undefined) accept(request, result);
    }
  };

  const prefillBatch = async (
    requests: readonly RunningRequest[],
    pieces: readonly PrefillPiece[],
  ): Promise<void> => {
    const items = prefillItems(requests, pieces);
    useAdaptersOf(requests);
    threads.beforePrefill(engine);
    const batch = await decode(items, requests);
    if (batch === undefined) return;
    const total = items.reduce((sum, { tokens }) => sum + tokens.length, 0);
    prefillCost = updatePrefillCost(prefillCost, total, batch.tookMs);
    record(batch, { decoded: 0, prefilled: total });
    for (const [index, request] of requests.entries()) {
      const tokens = items[index]?.tokens ?? new Uint32Array(0);
      for (const token of tokens) request.slot.tokens.push(token);
      request.prefilled += tokens.length;
      const result = batch.sampled[index];
      if (result !== undefined) accept(request, result);
    }
  };

  const step = async (): Promise<void> => {
    stepCount += 1;
    finishQueuedAborts();
    for (const request of running()) if (request.isAborted) finish(request, 'aborted');
    await admit();
    flush(); // `started` does not wait for the prefill
    const active = running();
    const plan = planStep({
      decoding: active.filter(({ next }) => next !== undefined).map(({ slot }) => slot.sequence),
      prefilling: active
        .filter(({ next }) => next === undefined)
        .toSorted((a, b) => a.prepared.arrivedMs - b.prepared.arrivedMs)
        .map(({ slot, prepared, prefilled }) => ({
          sequence: slot.sequence,
          remaining: prepared.prompt.length - prefilled,
        })),
      msPerPrefillToken: prefillCost,
      batchSize: engine.batchSize,
    });
    const requestsOf = (sequences: readonly number[]) =>
      sequences.flatMap((sequence) => slots[sequence]?.request ?? []);
    for (const batch of oneMix(requestsOf(plan.decode))) await decodeBatch(batch);
    for (const batch of oneMix(requestsOf(plan.prefill.map(({ sequence }) => sequence))))
      await prefillBatch(batch, plan.prefill);
    flush();
  };

  const run = async (): Promise<void> => {
    if (isRunning) return;
    isRunning = true;
    await Promise.resolve(); // requests of one turn begin in one batch
    try {
      while (exclusives.length > 0 || hasWork()) {
        await exclusives.shift()?.();
        if (hasWork()) await step();
      }
    } finally {
      isRunning = false;
    }
  };
  const wake = (): void => {
    // nothing in the loop throws: failures go to their requests and to the callers of `exclusive`
    void run();
  };

  const exclusive = <T>(act: () => Promise<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      exclusives.push(() => act().then(resolve, reject));
      wake();
    });

  return {
    submit: (request) => {
      queue.push(request);
      wake();
    },
    abort: (id) => {
      for (const waiting of queue) if (waiting.id === id) waiting.isAborted = true;
      for (const request of running()) if (request.prepared.id === id) request.isAborted = true;
    },
    exclusive,
    clearCache: () => exclusive(() => table.clearIdle()),
    saveIdle: () => exclusive(() => table.saveIdle(moment())),
    load,
    isIdle: () => !hasWork(),
  };
};
