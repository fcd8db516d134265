import { answerCall } from '../../electron/gateway/answer-call.ts';
import type { Principal } from '../../electron/gateway/auth/principal.ts';
import { createResponseCache } from '../../electron/gateway/cache/response-cache.ts';
import { createSaturation } from '../../electron/gateway/degradation/saturation.ts';
import { clientWentAway, createExchange } from '../../electron/gateway/exchange.ts';
import { createRouteTable } from '../../electron/gateway/index.ts';
import { createAdmissionQueue } from '../../electron/gateway/limits/admission-queue.ts';
import { openLimitDesk, type LimitPorts } from '../../electron/gateway/limits/limit-desk.ts';
import { createPromiseBook } from '../../electron/gateway/limits/promise-book.ts';
import { createResponseStore } from '../../electron/gateway/openai/responses/response-store.ts';
import { matchRoute } from '../../electron/gateway/public-routes.ts';
import { createRequestTable } from '../../electron/gateway/request-table.ts';
import { capacityOf } from '../../electron/gateway/stages/admit.ts';
import { createTicker } from '../../electron/gateway/ticker.ts';
import type { Clock } from '../../electron/platform/ports.ts';
import { createFakeLog } from './fake-log.ts';
import { createFakeRandom } from './fake-random.ts';
import { createServedModel } from './gateway-model.ts';
import type { ScriptedReplica } from './scripted-replica.ts';

export interface StagedReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The stages behind the head of a request, without HTTP, so that all their time is the clock's. */
export const openStages = (
  replica: ScriptedReplica,
  options: {
    readonly clock: Clock;
    readonly queueLimit: number;
    readonly limits: LimitPorts;
    readonly deadlineMs?: number;
  },
) => {
  const { clock, queueLimit, deadlineMs = 3_600_000 } = options;
  const log = createFakeLog();
  const random = createFakeRandom();
  const { info } = createServedModel();
  const routes = createRouteTable([{ info, replicas: [replica] }]);
  const [model] = routes.list();
  if (model === undefined) throw new TypeError('no model');
  const table = createRequestTable({ clock, onChange: () => undefined });
  const ticker = createTicker(clock);
  const limits = openLimitDesk(options.limits, { clock, log, deadlineMs });
  const queue = createAdmissionQueue({ clock, waitLimit: queueLimit, capacity: () => capacityOf(model) });
  const watch = routes.onChange(queue.capacityChanged);
  const principals = new Map<string, Principal>();
  const ports = {
    clock,
    random,
    log,
    routes,
    ticker,
    version: '0.0.0',
    responses: createResponseStore(),
    deadlineMs,
    limits,
    promises: createPromiseBook(clock),
    saturation: createSaturation(),
    cache: createResponseCache(),
    readsCache: () => false,
    ledger: undefined,
    recordings: undefined,
    queueOf: () => queue,
    again: (keyId: string): Principal => {
      const principal = principals.get(keyId);
      if (principal === undefined) throw new TypeError(`${keyId} was never asked with`);
      return principal;
    },
  };
  let asked = 0;
  return {
    limits,
    queue,
    log,
    /** The key stands from now on as `principal` has it. @param leave aborted: the client hangs up */
    ask: async (
      principal: Principal,
      body: unknown,
      { path = '/v1/completions', leave }: { readonly path?: string; readonly leave?: AbortSignal } = {},
    ): Promise<StagedReply> => {
      const route = matchRoute('POST', path);
      if (route.method !== 'POST') throw new TypeError(`${path} takes no body`);
      principals.set(principal.keyId, principal);
      const headers: Record<string, string> = {};
      const told = { status: 0 };
      const id = `req_${(asked += 1)}`;
      const arrivedMs = clock.monotonicMs();
      const record = table.open({ id, route: route.path, keyName: principal.name, arrivedMs });
      const reply = {
        hasStarted: () => told.status !== 0,
        header: (name: string, value: string) => void (headers[name] = value),
        headersAtStart: () => undefined,
        json: (status: number) => void (told.status = status),
        text: (status: number) => void (told.status = status),
        startStream: () => void (told.status = 200),
        write: () => undefined,
        bufferedBytes: () => 0,
        takenBytes: () => 0,
        drained: () => Promise.resolve(),
        end: () => undefined,
        destroy: () => undefined,
        onGone: () => undefined,
      };
      const given = { id, route, principal, reply, record, refusesDegradation: true, arrivedMs };
      const exchange = createExchange(given);
      leave?.addEventListener('abort', () => exchange.abort(clientWentAway()), { once: true });
      await answerCall(exchange, new TextEncoder().encode(JSON.stringify(body)), ports);
      return { status: told.status, headers };
    },
    [Symbol.dispose]: () => {
      watch[Symbol.dispose]();
      limits[Symbol.dispose]();
      ticker[Symbol.dispose]();
    },
  };
};
