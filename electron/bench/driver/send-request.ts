import { Client, type Dispatcher } from 'undici';
import type { RequestSample } from '../../../shared/contract/bench.ts';
import type { Clock } from '../../platform/ports.ts';
import type { DriverRequest, WindowTask } from './messages.ts';
import type { SampleFailure, SampleRecorder } from './sample-recorder.ts';

/** Body of one measured request: greedy, fixed length, no reuse of cached prompts. */
export const requestBody = (task: WindowTask, request: DriverRequest): string =>
  JSON.stringify({
    model: task.target.modelName,
    ...(task.target.route === 'chat'
      ? { messages: [{ role: 'user', content: request.prompt }] }
      : { prompt: request.prompt }),
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: request.outputTokens,
    temperature: 0,
    seed: task.seed,
    ignore_eos: true,
    cache_prompt: false,
  });

const pathOf = (task: WindowTask): string => {
  const base = new URL(task.target.baseUrl).pathname.replace(/\/$/, '');
  return `${base}/${task.target.route === 'chat' ? 'chat/completions' : 'completions'}`;
};

/** Open connections, one per user and server: a user waits for nobody else's answer, and never connects twice. */
export interface Connections {
  of(baseUrl: string, stream: number): Client;
}

/** undici's own timeouts are off, because a long prefill is not a failure. */
export const createConnections = (): Connections => {
  const clients = new Map<string, Client>();
  return {
    of: (baseUrl, stream) => {
      const { origin } = new URL(baseUrl);
      const key = `${origin} ${stream}`;
      const known = clients.get(key);
      if (known !== undefined) return known;
      const client = new Client(origin, { keepAliveTimeout: 60_000, headersTimeout: 0, bodyTimeout: 0 });
      clients.set(key, client);
      return client;
    },
  };
};

interface SendOptions {
  readonly connections: Connections;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly recorder: SampleRecorder;
  /** Token events as they arrive, with the stamp of their chunk. */
  readonly onTokens: (tokens: number, atMs: number) => void;
}

/**
 * Sends one request and resolves with its sample when the stream has ended; failures are in the sample. Uses undici's
 * dispatch interface, because its callbacks run at the socket: `t_send` is stamped when the body was written, arrivals
 * before they pass through any stream or promise.
 */
export const sendRequest = (
  task: WindowTask,
  request: DriverRequest,
  { connections, clock, signal, recorder, onTokens }: SendOptions,
): Promise<RequestSample> =>
  new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined;
    let lastByteAtMs = clock.monotonicMs();
    let failure: SampleFailure | undefined;

    const cancel = (message: string, code: SampleFailure['code'] = 'bench.target-failed'): void => {
      failure ??= { code, message };
      // the message of this error is never shown; `failure` is what the sample tells
      controller?.abort(new DOMException(message, 'AbortError'));
    };
    const onAbort = () => cancel('The benchmark was cancelled.', 'app.cancelled');
    const watchdog = clock.every(1000, () => {
      if (clock.monotonicMs() - lastByteAtMs > task.idleTimeoutMs) {
        cancel(`The server was silent for ${Math.round(task.idleTimeoutMs / 1000)} s.`);
      }
    });
    const settle = (error?: Error): void => {
      watchdog[Symbol.dispose]();
      signal.removeEventListener('abort', onAbort);
      const reason: SampleFailure | undefined =
        failure ?? (error && { code: 'bench.target-failed', message: describe(error) });
      resolve(recorder.end(clock.monotonicMs(), reason));
    };
    signal.addEventListener('abort', onAbort, { once: true });

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: (started) => {
        controller = started;
        if (signal.aborted) onAbort();
        if (failure !== undefined) cancel(failure.message, failure.code);
      },
      onRequestSent: () => recorder.sent(clock.monotonicMs()),
      onResponseStart: (_controller, status) => recorder.answered(status),
      onResponseData: (_controller, chunk) => {
        lastByteAtMs = clock.monotonicMs();
        const tokens = recorder.received(lastByteAtMs, chunk);
        if (tokens > 0) onTokens(tokens, lastByteAtMs);
      },
      onResponseEnd: () => settle(),
      onResponseError: (_controller, error) => settle(error),
    };
    connections.of(task.target.baseUrl, request.stream).dispatch(
      {
        path: pathOf(task),
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          authorization: `Bearer ${task.target.apiKey}`,
        },
        body: requestBody(task, request),
      },
      handler,
    );
  });

const describe = (error: Error): string => {
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `The connection failed: ${error.message || error.name}${cause}`;
};
