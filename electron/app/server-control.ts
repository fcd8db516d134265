import type { z } from 'zod';
import type { ModelDetails } from '../../shared/contract/models.ts';
import type { CertificateFile, NetworkChoices, NetworkInput } from '../../shared/contract/network.ts';
import {
  serverStartInputSchema,
  type PlaygroundEvent,
  type ServerRequest,
  type ServerStatus,
} from '../../shared/contract/server.ts';
import { AppError, toAppError } from '../../shared/errors/app-error.ts';
import type { EventBody } from '../../shared/events/events.ts';
import type { EnginePool } from '../engine/engine.ts';
import type { ManagedEnginePool } from '../engine/index.ts';
import { statesAtRest, type Limiter } from '../gateway/index.ts';
import type { Hardware } from '../hardware/index.ts';
import type { Ports } from '../platform/ports.ts';
import { checkPermission, dynoActor, type Actor } from './access/actor.ts';
import type { Access } from './access/open-access.ts';
import { mergeSettings } from './merge-settings.ts';
import { createNetworkDoor, type PreparedNetwork } from './network-door.ts';
import { openServer, type OpenServer, type WatchFiles } from './open-server.ts';
import { playgroundChat, type PlaygroundInput } from './playground.ts';
import { readRecently } from './read-recently.ts';
import { createRequestFeed } from './request-feed.ts';
import { statusOf } from './server-status.ts';
import type { SettingsKeeper } from './settings.ts';

export type ServerStart = z.output<typeof serverStartInputSchema>;

/** The one server of this host: off → starting → on → off, or failed. Changes happen one after the other. */
export interface ServerControl extends AsyncDisposable {
  status(): ServerStatus;
  /**
   * Loads the model and listens, on the network too where that is asked for. Replaces a server that runs, and a start
   * under way.
   * @throws AppError `models.*`, `engine.*`, `app.port-in-use`, `app.cancelled`; of the network `server.no-network-key`,
   *   `server.certificate-*`, `gateway.insufficient-permissions`
   */
  start(input: ServerStart, signal: AbortSignal, actor: Actor): Promise<ServerStatus>;
  /** The bundled model, for this machine only. */
  startByItself(): Promise<ServerStatus>;
  /** Resolves once nothing of a server is left, one that was still starting included. */
  stop(actor: Actor): Promise<ServerStatus>;
  networkChoices(): NetworkChoices;
  /**
   * Lets other machines reach the server that runs; its models stay loaded.
   * @throws AppError `server.not-running`, `server.no-network-key`, `server.certificate-*`, `files.*`, `app.bad-input`
   */
  openNetwork(input: NetworkInput, actor: Actor): Promise<ServerStatus>;
  closeNetwork(actor: Actor): Promise<ServerStatus>;
  /** @throws AppError `app.not-found` */
  certificate(): Promise<CertificateFile>;
  apiKey(): string;
  renewApiKey(): Promise<string>;
  /** Running and recent requests, newest first. */
  requests(): readonly ServerRequest[];
  cancelRequest(requestId: string): void;
  /** What is left of limits; while the server is off, of what was used before. */
  readonly limitStates: Limiter['states'];
  /** A chat over loopback HTTP with the real server. Throws `server.not-running` while it is off. */
  playground(input: PlaygroundInput, signal: AbortSignal): AsyncGenerator<PlaygroundEvent, void, void>;
}

type Idle = Exclude<ServerStatus, { type: 'on' }>;
type Phase = Idle | { readonly type: 'on'; readonly server: OpenServer; readonly watch: Disposable };

interface Options {
  readonly ports: Ports;
  readonly engines: EnginePool & Pick<ManagedEnginePool, 'stepTotals'>;
  readonly openEnergy: Hardware['openEnergy'];
  readonly inspect: (idOrPath: string) => Promise<ModelDetails>;
  readonly bundledModelId: () => string;
  readonly settings: SettingsKeeper;
  readonly access: Access;
  readonly watchFiles: WatchFiles;
  readonly publish: (body: EventBody) => void;
}

/** What was asked, and by whom. */
interface Asked {
  readonly input: ServerStart;
  readonly prepared: PreparedNetwork | undefined;
  readonly actor: Actor;
}

const notRunning = (): AppError =>
  new AppError('server.not-running', undefined, { hint: 'Turn the server on first.' });

export const createServerControl = (options: Options): ServerControl => {
  const { ports, publish, access } = options;
  let phase: Phase = { type: 'off' };
  let newest = new AbortController();
  let last: Promise<unknown> = Promise.resolve();

  /** Requests ask it, and the settings lie in the database, where another host may change them. */
  const readsCache = readRecently(ports.clock, () => options.settings.get().responseCache);

  const network = createNetworkDoor({
    ports,
    access,
    onRenewed: () => void become(phase),
  });
  const serverNow = (): OpenServer | undefined => (phase.type === 'on' ? phase.server : undefined);
  const status = (): ServerStatus => (phase.type === 'on' ? statusOf(phase.server, network.status()) : phase);
  const become = (next: Phase): ServerStatus => {
    phase = next;
    const now = status();
    publish({ type: 'server.changed', status: now });
    return now;
  };
  const feed = createRequestFeed(ports, (requests) => {
    for (const request of requests) publish({ type: 'server.request-changed', request });
    if (phase.type === 'on') become(phase);
  });

  /** One change at a time; a newer one stops the start that it waits for. */
  const inTurn = <Result>(act: (signal: AbortSignal) => Promise<Result>): Promise<Result> => {
    newest.abort();
    const abort = new AbortController();
    newest = abort;
    return afterOthers(() => act(abort.signal));
  };
  /** Waits for its turn and stops nobody. */
  const afterOthers = <Result>(act: () => Promise<Result>): Promise<Result> => {
    const result = last.then(act);
    last = result.catch(() => undefined); // its own caller is told
    return result;
  };
  /** Before anything is closed or loaded. */
  const prepare = async (input: NetworkInput, actor: Actor): Promise<PreparedNetwork> => {
    checkPermission(actor, 'server.expose');
    return network.prepare(input);
  };

  const close = async (actor: Actor): Promise<void> => {
    if (phase.type !== 'on') return;
    const { server, watch } = phase;
    watch[Symbol.dispose]();
    phase = { type: 'off' };
    await server.gateway.close({ graceMs: 0 });
    await network.close(actor);
    await server[Symbol.asyncDispose]();
  };

  /** A replica that failed for good, or was unloaded, takes the server with it. */
  const watchReplicas = (server: OpenServer): Disposable => {
    const watches = new DisposableStack();
    for (const { replica } of server.served) {
      watches.use(
        replica.onChange(({ state }) => {
          if (state.type !== 'failed' && state.type !== 'stopped') return;
          const end: Idle =
            state.type === 'failed' ? { type: 'failed', error: state.error } : { type: 'off' };
          inTurn(async () => {
            if (serverNow() !== server) return;
            await close(dynoActor);
            become(end);
          }).catch((error: unknown) => ports.log.error('the server did not close', { error }));
        }),
      );
    }
    return watches;
  };

  const open = async (
    [first, ...others]: readonly [ModelDetails, ...ModelDetails[]],
    { input, prepared, actor }: Asked,
    signal: AbortSignal,
  ): Promise<ServerStatus> => {
    const { engine, modelEngine, serverPort } = options.settings.get();
    let percent = 0;
    const onProgress = (fraction: number): void => {
      const next = Math.floor(fraction * 100);
      if (next === percent || signal.aborted) return;
      percent = next;
      become({ type: 'starting', modelId: first.id, fraction });
    };
    become({ type: 'starting', modelId: first.id, fraction: 0 });
    const wishOf = (model: ModelDetails, index: number) => ({
      model,
      settings: mergeSettings(engine, modelEngine[model.id] ?? {}, input.settings),
      lora: index === 0 ? input.lora : [],
    });
    await using scope = new AsyncDisposableStack();
    const server = scope.use(
      await openServer(
        { ...options, onRequestChange: feed.push },
        {
          models: [wishOf(first, 0), ...others.map((model, index) => wishOf(model, index + 1))],
          port: input.port ?? serverPort,
          queueLimit: input.queueLimit,
          readsCache,
        },
        { signal, onProgress },
      ),
    );
    if (prepared !== undefined) await network.open(server.gateway, server.port, prepared, actor);
    scope.move();
    return become({ type: 'on', server, watch: watchReplicas(server) });
  };

  const start: ServerControl['start'] = async (input, callerSignal, actor) => {
    const prepared = input.listen.type === 'network' ? await prepare(input.listen, actor) : undefined;
    const first = await options.inspect(input.model ?? options.bundledModelId());
    const also = await Promise.all(input.also.map(options.inspect));
    const others = [...new Map(also.map((model) => [model.id, model])).values()].filter(
      ({ id }) => id !== first.id,
    );
    return inTurn(async (signal) => {
      await close(actor);
      try {
        const asked = { input, prepared, actor };
        return await open([first, ...others], asked, AbortSignal.any([signal, callerSignal]));
      } catch (error) {
        const failure = toAppError(error);
        const isStopped = failure.code === 'app.cancelled';
        become(isStopped ? { type: 'off' } : { type: 'failed', error: failure.toPayload() });
        throw failure;
      }
    });
  };

  return {
    status,
    start,
    startByItself: () => start(serverStartInputSchema.parse({}), new AbortController().signal, dynoActor),
    stop: (actor) =>
      inTurn(async () => {
        await close(actor);
        return become({ type: 'off' });
      }),
    networkChoices: network.choices,
    openNetwork: async (input, actor) => {
      if (serverNow() === undefined) throw notRunning();
      const prepared = await prepare(input, actor);
      return afterOthers(async () => {
        const server = serverNow();
        if (server === undefined) throw notRunning();
        try {
          await network.open(server.gateway, server.port, prepared, actor);
        } finally {
          become(phase); // what was open before is closed, also where the new way cannot be opened
        }
        return status();
      });
    },
    closeNetwork: (actor) =>
      afterOthers(async () => {
        await network.close(actor);
        return become(phase);
      }),
    certificate: network.certificate,
    apiKey: () => access.ownerKey(),
    renewApiKey: access.renewOwnerKey,
    requests: () => serverNow()?.gateway.snapshot().requests ?? [],
    cancelRequest: (requestId) => {
      if (serverNow()?.gateway.cancel(requestId) === true) return;
      throw new AppError('app.not-found', `Request ${requestId} is not in work.`);
    },
    limitStates: (rules) =>
      serverNow()?.gateway.limitStates(rules) ?? statesAtRest(rules, access.limits.loadDebts(), ports.clock),
    playground: async function* (input, signal) {
      const server = serverNow();
      if (server === undefined) throw notRunning();
      const model = input.model ?? server.served[0].model.id;
      const target = { url: server.url, model, apiKey: access.ownerKey() };
      yield* playgroundChat(input, target, { http: ports.http, clock: ports.clock, signal });
    },
    [Symbol.asyncDispose]: async () => {
      await inTurn(() => close(dynoActor));
      feed[Symbol.dispose]();
    },
  };
};
