import type { z } from 'zod';
import { engineSettingsSchema, type Model, type ModelDetails } from '../../shared/contract/models.ts';
import type {
  PlaygroundEvent,
  ServerRequest,
  serverStartInputSchema,
  ServerStatus,
} from '../../shared/contract/server.ts';
import { AppError, toAppError } from '../../shared/errors/app-error.ts';
import type { EventBody } from '../../shared/events/events.ts';
import type { EnginePool, EngineReplica } from '../engine/engine.ts';
import { createGateway, createRouteTable, type Gateway } from '../gateway/index.ts';
import type { Ports } from '../platform/ports.ts';
import type { ApiKeyFile } from './api-key-file.ts';
import { playgroundChat, type PlaygroundInput } from './playground.ts';
import { createRequestFeed } from './request-feed.ts';
import type { SettingsKeeper } from './settings.ts';
import { version } from './version.ts';

export type ServerStart = z.output<typeof serverStartInputSchema>;

/** The one server of this host: off → starting → on → off, or failed. */
export interface ServerControl extends AsyncDisposable {
  status(): ServerStatus;
  /**
   * Loads the model and listens. Replaces a server that runs.
   * @throws AppError `models.*`, `engine.*`, `app.port-in-use`, `app.cancelled`
   */
  start(input: ServerStart, signal: AbortSignal): Promise<ServerStatus>;
  stop(): Promise<ServerStatus>;
  apiKey(): Promise<string>;
  renewApiKey(): Promise<string>;
  /** Running and recent requests, newest first. */
  requests(): readonly ServerRequest[];
  cancelRequest(requestId: string): void;
  /** A chat over loopback HTTP with the real server. Throws `server.not-running` while it is off. */
  playground(input: PlaygroundInput, signal: AbortSignal): AsyncGenerator<PlaygroundEvent, void, void>;
}

interface Running {
  readonly model: Model;
  readonly replica: EngineReplica;
  readonly gateway: Gateway;
  readonly url: string;
  readonly port: number;
  readonly sinceMs: number;
  readonly watch: Disposable;
}

interface Options {
  readonly ports: Ports;
  readonly engines: EnginePool;
  readonly inspect: (idOrPath: string) => Promise<ModelDetails>;
  readonly bundledModelId: () => string;
  readonly settings: SettingsKeeper;
  readonly apiKeys: () => Promise<ApiKeyFile>;
  readonly publish: (body: EventBody) => void;
}

export const createServerControl = (options: Options): ServerControl => {
  const { ports, engines, publish } = options;
  const { clock } = ports;
  let running: Running | undefined;
  let idle: Exclude<ServerStatus, { type: 'on' }> = { type: 'off' };
  let starting: AbortController | undefined;

  const status = (): ServerStatus => {
    if (running === undefined) return idle;
    const { model, replica, gateway, url, port, sinceMs } = running;
    const { running: inWork, queued, totals } = gateway.snapshot();
    const state = replica.state();
    return {
      type: 'on',
      url,
      port,
      modelId: model.id,
      modelName: model.name,
      quantization: model.quantization,
      replicaId: replica.id,
      sinceMs,
      running: inWork,
      queued,
      slots: state.type === 'ready' ? state.facts.slots : 0,
      contextSize: state.type === 'ready' ? state.facts.contextSize : 0,
      totals: {
        requests: totals.requests,
        errors: totals.errors,
        promptTokens: totals.promptTokens,
        outputTokens: totals.outputTokens,
      },
    };
  };
  const tell = (): ServerStatus => {
    const now = status();
    publish({ type: 'server.changed', status: now });
    return now;
  };
  const become = (state: typeof idle): ServerStatus => {
    idle = state;
    return tell();
  };
  const feed = createRequestFeed(clock, (requests) => {
    for (const request of requests) publish({ type: 'server.request-changed', request });
    if (running !== undefined) tell();
  });

  const closeDown = async (): Promise<void> => {
    starting?.abort();
    const old = running;
    running = undefined;
    if (old === undefined) return;
    old.watch[Symbol.dispose]();
    await old.gateway.close();
    await old.replica[Symbol.asyncDispose]();
  };

  /** A replica that failed for good takes the server with it, and says why. */
  const watchReplica = (replica: EngineReplica): Disposable =>
    replica.onChange(({ state }) => {
      if (state.type !== 'failed') return;
      void closeDown().then(() => become({ type: 'failed', error: state.error }));
    });

  const open = async (model: ModelDetails, input: ServerStart, signal: AbortSignal): Promise<void> => {
    await using scope = new AsyncDisposableStack();
    const replica = scope.use(
      await engines.acquire(
        {
          modelId: model.id,
          path: model.path,
          settings: engineSettingsSchema.parse({
            ...options.settings.get().engine,
            ...definedOnly(input.settings),
          }),
          isExclusive: false,
        },
        { signal, onProgress: (fraction) => become({ type: 'starting', modelId: model.id, fraction }) },
      ),
    );
    const info = {
      id: model.id,
      name: model.name,
      quantization: model.quantization,
      contextLength: model.contextLength,
      createdMs: model.modifiedMs,
      chatTemplate: model.chatTemplate,
    };
    const apiKeys = await options.apiKeys();
    const gateway = scope.use(
      createGateway({
        clock,
        random: ports.random,
        log: ports.log,
        version,
        routes: createRouteTable([{ info, replicas: [replica] }]),
        verifyKey: apiKeys.verify,
        queueLimit: input.queueLimit,
        onRequestChange: feed.push,
      }),
    );
    const { url, port } = await gateway.listen({ port: input.port });
    if (signal.aborted) throw new AppError('app.cancelled');
    scope.move(); // from here the running server owns them
    running = { model, replica, gateway, url, port, sinceMs: clock.nowMs(), watch: watchReplica(replica) };
  };

  return {
    status,
    start: async (input, callerSignal) => {
      const model = await options.inspect(input.model ?? options.bundledModelId());
      await closeDown();
      const abort = new AbortController();
      starting = abort;
      become({ type: 'starting', modelId: model.id, fraction: 0 });
      try {
        await open(model, input, AbortSignal.any([abort.signal, callerSignal]));
        return tell();
      } catch (error) {
        const failure = toAppError(error);
        become(
          failure.code === 'app.cancelled' ? { type: 'off' } : { type: 'failed', error: failure.toPayload() },
        );
        throw failure;
      } finally {
        if (starting === abort) starting = undefined;
      }
    },
    stop: async () => {
      await closeDown();
      return become({ type: 'off' });
    },
    apiKey: async () => (await options.apiKeys()).key(),
    renewApiKey: async () => (await options.apiKeys()).renew(),
    requests: () => running?.gateway.snapshot().requests ?? [],
    cancelRequest: (requestId) => {
      if (running?.gateway.cancel(requestId) !== true) {
        throw new AppError('app.not-found', `Request ${requestId} is not in work.`);
      }
    },
    playground: async function* (input, signal) {
      if (running === undefined) {
        throw new AppError('server.not-running', undefined, { hint: 'Turn the server on first.' });
      }
      const { url, model } = running;
      const target = { url, model: model.id, apiKey: (await options.apiKeys()).key() };
      yield* playgroundChat(input, target, { http: ports.http, clock, signal });
    },
    [Symbol.asyncDispose]: async () => {
      await closeDown();
      feed[Symbol.dispose]();
    },
  };
};

/** Leaves out what the patch names as undefined, so that it does not hide a setting below it. */
const definedOnly = (patch: object): object =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
