import { createNodeClock } from '../../electron/platform/node/clock.ts';
import { createNodeRandom } from '../../electron/platform/node/random.ts';
import type { Clock } from '../../electron/platform/ports.ts';
import { createGateway, createRouteTable, createSingleKey } from '../../electron/gateway/index.ts';
import type { Gateway, KeyRing, LimitPorts, ModelInfo, RecordingDesk } from '../../electron/gateway/index.ts';
import type { EngineReplica } from '../../electron/engine/engine.ts';
import type { ServerRequest } from '../../shared/contract/server.ts';
import type { UsageEntry } from '../../shared/contract/usage.ts';
import { createFakeLog } from './fake-log.ts';

export interface OpenGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly apiKey: string;
  /** Base address with `/v1`. */
  readonly url: string;
  readonly port: number;
  /** Every change of a request's phase, in order. */
  readonly changes: readonly ServerRequest[];
  readonly log: ReturnType<typeof createFakeLog>;
  /** A JSON request with the key; `path` begins with `/`. */
  fetch(
    path: string,
    body?: unknown,
    init?: { readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal },
  ): Promise<Response>;
}

/** A real server on a free loopback port in front of `replica`, with one key. */
export const openGateway = async (
  replica: EngineReplica,
  options: {
    readonly clock?: Clock;
    readonly queueLimit?: number;
    readonly info?: Partial<ModelInfo>;
    readonly allowedOrigins?: readonly string[];
    readonly deadlineMs?: number;
    readonly port?: number;
    /** More engines of the same model. */
    readonly beside?: readonly EngineReplica[];
    /** A second served model. */
    readonly other?: { readonly info: Partial<ModelInfo>; readonly replica: EngineReplica };
    /** Its keys; one that may ask for everything unless given. */
    readonly keys?: KeyRing;
    readonly limits?: LimitPorts;
    readonly ledger?: (row: UsageEntry) => void;
    readonly recordings?: RecordingDesk;
    readonly readsCache?: () => boolean;
    readonly onRequestChange?: (request: ServerRequest) => void;
  } = {},
): Promise<OpenGateway> => {
  const clock = options.clock ?? createNodeClock();
  const random = createNodeRandom();
  const log = createFakeLog();
  const { secret, ring } = createSingleKey('test', { random, clock, role: 'operator' });
  const changes: ServerRequest[] = [];
  const info = {
    id: 'demo',
    name: 'Demo',
    quantization: 'F16',
    contextLength: 1024,
    createdMs: 1_700_000_000_000,
    ...options.info,
  };
  const gateway = createGateway({
    clock,
    random,
    log,
    version: '0.0.0',
    routes: createRouteTable([
      { info, replicas: [replica, ...(options.beside ?? [])] },
      ...(options.other === undefined
        ? []
        : [{ info: { ...info, ...options.other.info }, replicas: [options.other.replica] }]),
    ]),
    keys: options.keys ?? ring,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.ledger === undefined ? {} : { ledger: options.ledger }),
    ...(options.recordings === undefined ? {} : { recordings: options.recordings }),
    ...(options.readsCache === undefined ? {} : { readsCache: options.readsCache }),
    queueLimit: options.queueLimit ?? 64,
    ...(options.allowedOrigins === undefined ? {} : { allowedOrigins: options.allowedOrigins }),
    ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }),
    onRequestChange: options.onRequestChange ?? ((request) => changes.push(request)),
  });
  const { url, port } = await gateway.listen({ port: options.port ?? 0 });
  return {
    gateway,
    apiKey: secret,
    url,
    port,
    changes,
    log,
    fetch: (path, body, init = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
        ...init,
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', ...init.headers },
      }),
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
};

/** True when no request runs or waits: all that was reserved has been given back. */
export const isIdle = ({ gateway }: OpenGateway): boolean => {
  const { running, queued } = gateway.snapshot();
  return running === 0 && queued === 0;
};
