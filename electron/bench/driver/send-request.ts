import { Client, type Dispatcher } from 'undici';
import type { LoadSample } from '../../../shared/contract/load.ts';
import type { Clock } from '../../platform/ports.ts';
import type { ChatMessage } from './dialects/dialect.ts';
import { dialects } from './dialects/list.ts';
import type { SampleFailure } from './judge-answer.ts';
import type { DriverRequest, DriverTarget, WindowTask } from './messages.ts';
import type { SampleRecorder } from './sample-recorder.ts';

/** Body of one measured request: greedy, fixed length, cached prompts only where the shape wants them. */
export const requestBody = (
  task: Pick<WindowTask, 'target' | 'seed' | 'reusesPrompts'>,
  request: Pick<DriverRequest, 'outputTokens'>,
  messages: readonly ChatMessage[],
): string => {
  const { target, seed, reusesPrompts } = task;
  return JSON.stringify(
    dialects[target.dialect].body({
      model: target.modelName,
      messages,
      maxTokens: request.outputTokens,
      seed,
      ignoreEos: target.takes.ignoreEos,
      cachePrompt: target.takes.cachePrompt ? reusesPrompts : undefined,
    }),
  );
};

/** Address of the dialect's route on the target. */
export const requestPath = ({ baseUrl, dialect, modelName }: DriverTarget): string => {
  const { pathname, search } = new URL(baseUrl);
  return dialects[dialect].path(pathname.replace(/\/$/, ''), modelName) + search;
};

const requestHeaders = ({ apiKey, headers }: DriverTarget): Readonly<Record<string, string>> => ({
  'content-type': 'application/json',
  accept: 'text/event-stream',
  ...(apiKey !== '' && { authorization: `Bearer ${apiKey}` }),
  ...headers,
});

/** A connection nobody else uses until it is given back; the one given back last is the next one taken. */
export interface Connections extends AsyncDisposable {
  take(origin: string): Client;
  giveBack(origin: string, client: Client): void;
}

/** undici's own timeouts are off, because a long prefill is not a failure. */
export const createConnections = (): Connections => {
  const idle = new Map<string, Client[]>();
  const all: Client[] = [];
  return {
    take: (origin) => {
      const free = idle.get(origin)?.pop();
      if (free !== undefined) return free;
      const client = new Client(origin, { keepAliveTimeout: 60_000, headersTimeout: 0, bodyTimeout: 0 });
      all.push(client);
      return client;
    },
    giveBack: (origin, client) => {
      const free = idle.get(origin) ?? [];
      free.push(client);
      idle.set(origin, free);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(all.map((client) => client.destroy()));
    },
  };
};

interface SendOptions {
  readonly connections: Connections;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly recorder: SampleRecorder;
  readonly messages: readonly ChatMessage[];
  /** Token events as they arrive. */
  readonly onTokens: (tokens: number) => void;
}

const contentTypeOf = (headers: Readonly<Record<string, string | string[] | undefined>>): string => {
  const type = headers['content-type'];
  return typeof type === 'string' ? type : '';
};

/**
 * Sends one request and resolves with its sample when the stream has ended; failures are in the sample. Uses undici's
 * dispatch interface, because its callbacks run at the socket: `t_send` is stamped when the body was written, arrivals
 * before they pass through any stream or promise. Arrivals are parsed only when all sockets that were ready have been
 * stamped: parsing one (about 15 µs) would delay the stamps of the others, and servers send all streams in step.
 */
export const sendRequest = (
  task: WindowTask,
  request: DriverRequest,
  { connections, clock, signal, recorder, messages, onTokens }: SendOptions,
): Promise<LoadSample> =>
  new Promise((resolve) => {
    const { origin } = new URL(task.target.baseUrl);
    const client = connections.take(origin);
    let controller: Dispatcher.DispatchController | undefined;
    let lastByteAtMs = clock.monotonicMs();
    let failure: SampleFailure | undefined;
    let arrived: { readonly atMs: number; readonly bytes: Uint8Array }[] = [];

    const parseArrived = (): void => {
      const waiting = arrived;
      arrived = [];
      let tokens = 0;
      for (const { atMs, bytes } of waiting) tokens += recorder.received(atMs, bytes);
      if (tokens > 0) onTokens(tokens);
    };
    const cancel = (reason: SampleFailure): void => {
      failure ??= reason;
      // the message of this error is never shown; `failure` is what the sample tells
      controller?.abort(new DOMException(reason.message, 'AbortError'));
    };
    const onAbort = () => cancel({ code: 'app.cancelled', message: 'The request was cancelled.' });
    const watchdog = clock.every(Math.min(1000, task.idleTimeoutMs / 4), () => {
      if (clock.monotonicMs() - lastByteAtMs <= task.idleTimeoutMs) return;
      const seconds = Math.round(task.idleTimeoutMs / 100) / 10;
      cancel({ code: 'bench.target-hung', message: `The server was silent for ${seconds} s.` });
    });
    const settle = (error?: Error): void => {
      const endedAtMs = clock.monotonicMs();
      parseArrived();
      watchdog[Symbol.dispose]();
      signal.removeEventListener('abort', onAbort);
      connections.giveBack(origin, client);
      resolve(recorder.end(endedAtMs, failure ?? (error && describe(error, lastByteAtMs > sentFromMs))));
    };
    const sentFromMs = lastByteAtMs;
    signal.addEventListener('abort', onAbort, { once: true });

    client.dispatch(
      {
        path: requestPath(task.target),
        method: 'POST',
        headers: requestHeaders(task.target),
        body: requestBody(task, request, messages),
      },
      {
        onRequestStart: (started) => {
          controller = started;
          if (signal.aborted) onAbort();
          if (failure !== undefined) cancel(failure);
        },
        onRequestSent: () => recorder.sent(clock.monotonicMs()),
        onResponseStart: (_controller, status, headers) => recorder.answered(status, contentTypeOf(headers)),
        onResponseData: (_controller, bytes) => {
          lastByteAtMs = clock.monotonicMs();
          arrived.push({ atMs: lastByteAtMs, bytes });
          if (arrived.length === 1) setImmediate(parseArrived);
        },
        onResponseEnd: () => settle(),
        onResponseError: (_controller, error) => settle(error),
      },
    );
  });

const describe = (error: Error, hasBegun: boolean): SampleFailure => {
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  const why = `${error.message || error.name}${cause}`;
  return hasBegun
    ? { code: 'bench.target-broken', message: `The connection broke in the middle of an answer: ${why}` }
    : { code: 'bench.target-unreachable', message: `The connection failed: ${why}` };
};
