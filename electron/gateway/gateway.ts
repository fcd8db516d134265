import { AppError, toAppError } from '../../shared/errors/app-error.ts';
import { createActiveAnswers } from './active-answers.ts';
import { answerCall } from './answer-call.ts';
import type { Principal } from './auth/principal.ts';
import { dialectAt } from './dialects.ts';
import { createExchange, clientWentAway } from './exchange.ts';
import { createResponseCache } from './cache/response-cache.ts';
import { createSaturation } from './degradation/saturation.ts';
import type { Gateway, GatewayOptions } from './gateway-ports.ts';
import type { RequestHead, Responder } from './http-exchange.ts';
import type { Reach } from './listeners.ts';
import { createAdmissionQueue, sumLoads, type AdmissionQueue } from './limits/admission-queue.ts';
import { openLimitDesk } from './limits/limit-desk.ts';
import { createPromiseBook } from './limits/promise-book.ts';
import { engineFamilies } from './metrics/engine-metrics.ts';
import type { MetricFamily } from './metrics/exposition.ts';
import { createRequestMetrics } from './metrics/request-metrics.ts';
import { createFailureLimiter } from './network/failure-limiter.ts';
import { networkPolicy, networkUrls } from './network/network-policy.ts';
import { createResponseStore } from './openai/responses/response-store.ts';
import { matchRoute, matchSocketRoute, type CallRoute } from './public-routes.ts';
import { readReply } from './read-reply.ts';
import { createRequestTable } from './request-table.ts';
import type { ServedModel } from './router/route-table.ts';
import { createHttpServer, type BodyHandler, type HttpServer } from './server.ts';
import { capacityOf } from './stages/admit.ts';
import { tellNotice } from './stages/authenticate.ts';
import { authorize } from './stages/authorize.ts';
import { answerCors } from './stages/cors.ts';
import { guard, loopbackPolicy, type GuardPolicy } from './stages/guard.ts';
import { identify } from './stages/identify.ts';
import { sendError } from './stages/settle.ts';
import { createSocketDoor, type SocketTurn } from './sockets/socket-door.ts';
import { createStreamRegistry } from './streams/stream-registry.ts';
import { isTold } from './told-error.ts';
import { createTicker } from './ticker.ts';

const MAX_BODY_BYTES = 4 * 1_048_576;
/** Long enough for thousands of tokens on a slow CPU; a request past it is taken for lost. */
const DEADLINE_MS = 3_600_000;
const GRACE_MS = 5000;
/** An engine stops within one decode step; past this it is not waited for. */
const ABORT_MS = 2000;
/** So long the answers of a key that ended may take to say why, before its connections are closed. */
const GOODBYE_MS = 300;

/** The OpenAI-compatible server. One instance listens once. */
export const createGateway = (options: GatewayOptions): Gateway => {
  const { clock, random, log, routes, version, ledger, recordings, deadlineMs = DEADLINE_MS } = options;
  const { readsCache = () => false } = options;
  const metrics = createRequestMetrics();
  const table = createRequestTable({
    clock,
    onChange: (request) => {
      metrics.observe(request);
      try {
        options.onRequestChange(request);
      } catch (error) {
        // Who listens must not break who is served: a full disk stops the live table, not the answers.
        log.error('A request event could not be told.', { requestId: request.id, error });
      }
    },
  });
  const responses = createResponseStore();
  const ticker = createTicker(clock);
  const limits = openLimitDesk(options.limits, { clock, log, deadlineMs });
  const promises = createPromiseBook(clock);
  const saturation = createSaturation();
  const cache = createResponseCache();
  const streams = createStreamRegistry({ random, ticker });
  const queues = new Map<string, AdmissionQueue>();
  const active = createActiveAnswers(clock);
  const policies: Record<Reach['type'], GuardPolicy> = {
    loopback: loopbackPolicy(0, { maxBodyBytes: MAX_BODY_BYTES }),
    network: loopbackPolicy(0, { maxBodyBytes: MAX_BODY_BYTES }),
  };
  const who = { verify: options.keys.verify, failures: createFailureLimiter({ clock, log }) };
  let stopping: AppError | undefined;

  const queueOf = (model: ServedModel): AdmissionQueue => {
    const known = queues.get(model.info.id);
    if (known !== undefined) return known;
    const queue = createAdmissionQueue({
      clock,
      waitLimit: options.queueLimit,
      capacity: () => capacityOf(model),
    });
    queues.set(model.info.id, queue);
    return queue;
  };
  const replicaWatch = routes.onChange(() => {
    for (const queue of queues.values()) queue.capacityChanged();
  });

  const load = () => sumLoads(queues.values());
  const families = (): readonly MetricFamily[] => {
    const { running, queued } = load();
    return [
      ...engineFamilies({ models: routes.list(), running, waiting: queued, version }),
      ...metrics.families(),
    ];
  };

  /** An answer ends with its key, whoever revoked it, and says why; then the connections of the key are closed. */
  const endAnswers = (): void => {
    active
      .end(({ principal }) => options.keys.endOf(principal.keyId), GOODBYE_MS)
      .then(() => door.closeWhere(options.keys.endOf))
      .catch((error: unknown) => log.error('The connections of an ended key were not closed.', { error }));
  };
  const keyWatch = options.keys.onChange(endAnswers);

  const shared = { clock, random, log, routes, ticker, version };
  const ports = {
    ...shared,
    deadlineMs,
    limits,
    again: options.keys.again,
    promises,
    ledger,
    recordings,
    queueOf,
    saturation,
    cache,
    readsCache,
  };

  const call = (
    route: CallRoute,
    principal: Principal,
    turn: Pick<SocketTurn, 'id' | 'reply' | 'responses'> & {
      readonly isResumable?: boolean;
      readonly refusesDegradation?: boolean;
    },
  ): BodyHandler => {
    const arrivedMs = clock.monotonicMs();
    const { id, refusesDegradation = false } = turn;
    const answer: BodyHandler['answer'] = async (body) => {
      const record = table.open({ id, route: route.path, keyName: principal.name, arrivedMs });
      const leave = (): void => exchange.abort(clientWentAway());
      const reply = turn.isResumable === true ? streams.open(principal.keyId, turn.reply, leave) : turn.reply;
      const exchange = createExchange({ id, route, principal, reply, record, refusesDegradation, arrivedMs });
      reply.onGone(leave);
      await active.keep(exchange, answerCall(exchange, body, { ...ports, responses: turn.responses }));
    };
    const dialect = dialectAt(route.path);
    return { answer, refuse: (error) => sendError(turn.reply, error, { dialect, requestId: id }) };
  };

  /** The stages that need only the head: guard → authenticate → authorize. */
  const runHead = (head: RequestHead, id: string, reply: Responder): BodyHandler | undefined => {
    const { origin } = guard(head, policies[head.caller.reach]);
    if (answerCors(head, origin, reply)) return undefined;
    const route = matchRoute(head.method, head.path);
    if (stopping !== undefined) throw stopping;
    if (route.scope !== 'public') {
      const principal = identify(head, who);
      tellNotice(reply, principal);
      authorize(principal, route);
      if (route.method === 'POST') {
        const isResumable = head.headers['x-dyno-resumable'] === 'true';
        const refusesDegradation = head.headers['x-dyno-degrade'] === 'never';
        return call(route, principal, { id, reply, responses, isResumable, refusesDegradation });
      }
      if (route.name === 'stream') {
        const streamId = head.path.slice(route.path.length - 1);
        streams.resume(principal.keyId, streamId, head.headers['last-event-id'], reply);
        return undefined;
      }
    }
    const read = readReply(route, head.path, { routes, version, families });
    if (read.type === 'json') reply.json(200, read.body);
    else reply.text(200, read.contentType, read.body);
    return undefined;
  };

  const door = createSocketDoor({
    random,
    log,
    responses,
    /** The same stages for a WebSocket; each of its messages then is a request of its own. */
    enter: (head) => {
      guard(head, policies[head.caller.reach]);
      const route = matchSocketRoute(head.path);
      if (stopping !== undefined) throw stopping;
      const principal = identify(head, who);
      authorize(principal, route);
      return { route, principal };
    },
    // a connection may outlive its key, and the rights the key had when it was opened
    answer: async ({ route, principal: { keyId } }, turn) => {
      const principal = options.keys.again(keyId);
      authorize(principal, route);
      await call(route, principal, turn).answer(turn.body);
    },
  });

  const accept = (head: RequestHead, reply: Responder): BodyHandler | undefined => {
    const id = random.id('req');
    reply.header('x-request-id', id);
    const { requestIdHeader } = dialectAt(head.path);
    if (requestIdHeader !== undefined) reply.header(requestIdHeader, id);
    try {
      return runHead(head, id, reply);
    } catch (error) {
      const known = toAppError(error);
      if (!isTold(known.code)) log.error('A request met a defect.', { requestId: id, error: known });
      sendError(reply, known, { dialect: dialectAt(head.path), requestId: id });
      return undefined;
    }
  };
  const makeServer = (reach: Reach): HttpServer =>
    createHttpServer({
      reach,
      clock,
      newRequestId: () => random.id('req'),
      maxBodyBytes: MAX_BODY_BYTES,
      acceptUpgrade: door.accept,
      accept,
    });
  const server = makeServer({ type: 'loopback' });
  let network: HttpServer | undefined;

  const closeNetwork = async (): Promise<void> => {
    const closing = network;
    network = undefined;
    await closing?.close();
  };
  const openNetwork: Gateway['openNetwork'] = async ({ port, addresses, hosts, origins, certificate }) => {
    await closeNetwork();
    const opened = makeServer({ type: 'network', certificate });
    const names = { port, addresses, hosts, isTls: certificate !== undefined };
    // before the first request can come
    policies.network = networkPolicy(names, { origins, maxBodyBytes: MAX_BODY_BYTES });
    network = opened;
    await opened.listen({ port, addresses });
    return { urls: networkUrls(names), present: opened.present };
  };

  const shutDown = async (error: AppError, graceMs: number): Promise<void> => {
    stopping = error;
    for (const queue of queues.values()) queue.close(error);
    limits.room.close(error);
    await active.settled(graceMs);
    await active.end(() => error, ABORT_MS);
    replicaWatch[Symbol.dispose]();
    keyWatch[Symbol.dispose]();
    streams[Symbol.dispose]();
    limits[Symbol.dispose]();
    ticker[Symbol.dispose]();
    await Promise.all([server.close(), closeNetwork()]);
  };
  let closed: Promise<void> | undefined;
  const close: Gateway['close'] = ({ graceMs = GRACE_MS } = {}) =>
    (closed ??= shutDown(
      new AppError('gateway.stopping', undefined, { hint: 'Start the server again.' }),
      graceMs,
    ));

  return {
    listen: async ({ port }) => {
      const bound = await server.listen({ port, addresses: ['127.0.0.1', '::1'], mayMiss: ['::1'] });
      policies.loopback = loopbackPolicy(bound.port, {
        maxBodyBytes: MAX_BODY_BYTES,
        allowedOrigins: options.allowedOrigins ?? [],
      });
      return { port: bound.port, url: `http://127.0.0.1:${bound.port}/v1` };
    },
    openNetwork,
    closeNetwork,
    cancel: (requestId) => {
      const found = active.exchanges().find(({ id }) => id === requestId);
      found?.abort(new AppError('app.cancelled', "The server's owner cancelled the request."));
      return found !== undefined;
    },
    limitStates: limits.limiter.states,
    works: () => active.exchanges().flatMap(({ record }) => record.work() ?? []),
    snapshot: () => ({ ...load(), totals: table.totals(), requests: table.list() }),
    close,
    [Symbol.asyncDispose]: () => close({ graceMs: 0 }),
  };
};
