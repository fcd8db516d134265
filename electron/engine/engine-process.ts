import type { AppError } from '../../shared/errors/app-error.ts';
import { fromPayload } from '../../shared/errors/app-error.ts';
import type { EngineStep } from '../../shared/contract/engine-steps.ts';
import type { EngineFacts } from '../../shared/contract/engine.ts';
import type { Processes, WorkerExit } from '../platform/ports.ts';
import { crashError } from './crash-error.ts';
import type { GenerateEvent, GenerateRequest } from './engine.ts';
import { createEventQueue, type EventQueue } from './event-queue.ts';
import {
  isChildMessage,
  type ChildMessage,
  type EngineCall,
  type EngineCallResult,
  type EngineLoad,
  type LoadMessage,
} from './protocol.ts';
import type { ThreadChoice } from './thread-policy.ts';

/** Native code does not hear SIGTERM's handler: there is none, so the child ends at once; this is the safety net. */
const stopGraceMs = 500;

interface PendingCall {
  readonly resolve: (result: EngineCallResult) => void;
  readonly reject: (error: Error) => void;
  readonly onTick?: ((tokensDone: number) => void) | undefined;
}

/** Disposed when the answer ended: it then hears no abort any more. */
interface RunningStream extends Disposable {
  readonly queue: EventQueue<GenerateEvent>;
}

export interface LoadedEngine {
  readonly facts: EngineFacts;
  readonly measuredThreads: ThreadChoice | null;
}

interface EngineProcessOptions {
  readonly processes: Pick<Processes, 'spawnWorker'>;
  readonly label: string;
  readonly env: Readonly<Record<string, string>>;
  /** After every step, and once more when the last request has ended. */
  readonly onStep: (steps: readonly EngineStep[], load: EngineLoad) => void;
  readonly onThreadsChanged: (threads: number, reason: string) => void;
  /** Something that cost no request anything. */
  readonly onProblem: (message: string) => void;
}

/** How much of the weights is loaded, 0..1, and the memory that the child has resident. */
export type OnLoading = (fraction: number, residentBytes: number) => void;

/** One engine child, from start to end: its messages as calls, streams and one ending. */
export interface EngineProcess {
  readonly pid: number | undefined;
  /** @throws AppError what the child reports, `engine.crashed` when it dies */
  load(message: LoadMessage, onProgress: OnLoading): Promise<LoadedEngine>;
  generate(request: GenerateRequest, signal: AbortSignal): AsyncIterable<GenerateEvent>;
  call(
    call: EngineCall,
    options?: { readonly signal?: AbortSignal; readonly onTick?: (tokensDone: number) => void },
  ): Promise<EngineCallResult>;
  limitThreads(threadLimit: number): void;
  /** The unexpected end. Never settles after `stop`. */
  readonly crashed: Promise<AppError>;
  /** Fails what is pending with `reason`, ends the process and gives its memory back. */
  stop(reason: AppError): Promise<WorkerExit>;
}

export const startEngineProcess = (options: EngineProcessOptions): EngineProcess => {
  const child = options.processes.spawnWorker('engine', { label: options.label, env: options.env });
  const streams = new Map<string, RunningStream>();
  const calls = new Map<number, PendingCall>();
  const crashed = Promise.withResolvers<AppError>();
  let loading: { readonly settle: PromiseWithResolvers<LoadedEngine>; onProgress: OnLoading } | undefined;
  let nextCallId = 1;
  let ending: AppError | undefined;

  const takeStream = (id: string): EventQueue<GenerateEvent> | undefined => {
    const running = streams.get(id);
    streams.delete(id);
    running?.[Symbol.dispose]();
    return running?.queue;
  };

  const failAll = (error: AppError): void => {
    ending ??= error;
    loading?.settle.reject(error);
    loading = undefined;
    for (const id of [...streams.keys()]) takeStream(id)?.fail(error);
    for (const { reject } of calls.values()) reject(error);
    calls.clear();
  };

  const takeCall = (callId: number): PendingCall | undefined => {
    const pending = calls.get(callId);
    calls.delete(callId);
    return pending;
  };

  const receive = (message: ChildMessage): void => {
    switch (message.type) {
      case 'progress':
        loading?.onProgress(message.fraction, message.residentBytes);
        break;
      case 'loaded':
        loading?.settle.resolve({ facts: message.facts, measuredThreads: message.measuredThreads });
        loading = undefined;
        break;
      case 'load-failed':
        loading?.settle.reject(fromPayload(message.error));
        loading = undefined;
        break;
      case 'step':
        for (const [id, event] of message.events) {
          streams.get(id)?.queue.push(event);
          if (event.type === 'finished') takeStream(id)?.end();
        }
        options.onStep(message.steps, message.load);
        break;
      case 'request-failed':
        takeStream(message.id)?.fail(fromPayload(message.error));
        break;
      case 'result':
        takeCall(message.callId)?.resolve(message.result);
        break;
      case 'call-failed':
        takeCall(message.callId)?.reject(fromPayload(message.error));
        break;
      case 'tick':
        calls.get(message.callId)?.onTick?.(message.tokensDone);
        break;
      case 'threads-changed':
        options.onThreadsChanged(message.threads, message.reason);
        break;
      case 'problem':
        options.onProblem(message.message);
        break;
      default:
        message satisfies never;
    }
  };

  child.onMessage((message) => {
    if (isChildMessage(message)) receive(message);
  });
  void child.exited.then((exit) => {
    if (ending !== undefined) return;
    const error = crashError(exit, child.outputTail());
    failAll(error);
    crashed.resolve(error);
  });

  return {
    get pid() {
      return child.pid; // an Electron child has none before it is spawned
    },
    load: (message, onProgress) => {
      if (ending !== undefined) return Promise.reject(ending);
      const settle = Promise.withResolvers<LoadedEngine>();
      loading = { settle, onProgress };
      child.send(message);
      return settle.promise;
    },
    generate: (request, signal) => {
      const abort = () => child.send({ type: 'abort', id: request.id });
      const stream = createEventQueue<GenerateEvent>(() => {
        takeStream(request.id);
        abort();
      });
      if (ending !== undefined) {
        stream.fail(ending);
        return stream;
      }
      streams.set(request.id, {
        queue: stream,
        [Symbol.dispose]: () => signal.removeEventListener('abort', abort),
      });
      child.send({ type: 'generate', request });
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort, { once: true });
      return stream;
    },
    call: (call, { signal, onTick } = {}) => {
      if (ending !== undefined) return Promise.reject(ending);
      const callId = nextCallId++;
      const settle = Promise.withResolvers<EngineCallResult>();
      calls.set(callId, { resolve: settle.resolve, reject: settle.reject, onTick });
      child.send({ type: 'call', callId, call });
      signal?.addEventListener('abort', () => child.send({ type: 'cancel-call', callId }), { once: true });
      if (signal?.aborted === true) child.send({ type: 'cancel-call', callId });
      return settle.promise;
    },
    limitThreads: (threadLimit) => child.send({ type: 'limit-threads', threadLimit }),
    crashed: crashed.promise,
    stop: (reason) => {
      failAll(reason);
      return child.stop(stopGraceMs);
    },
  };
};
