import { expect, it } from 'vitest';
import { createKeyRing, mintKey } from '../../../electron/gateway/index.ts';
import { errorReplySchema } from '../../../electron/gateway/openai/reply-schemas.ts';
import { createNodeRandom } from '../../../electron/platform/node/random.ts';
import { keyCreateInputSchema } from '../../../shared/contract/keys.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { ErrorCode } from '../../../shared/errors/table.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { openGateway, type OpenGateway } from '../../support/open-gateway.ts';
import { createScriptedReplica, type ScriptedReplica } from '../../support/scripted-replica.ts';
import { tenantLimits } from '../../support/tenant-limits.ts';

type Options = NonNullable<Parameters<typeof openGateway>[1]>;
interface World {
  readonly server: OpenGateway;
  readonly replica: ScriptedReplica;
  readonly clock: ReturnType<typeof createFakeClock>;
}

const chat = { messages: [{ role: 'user', content: 'Hi' }], max_tokens: 4 };
const ask = ({ server }: World, body: unknown = chat, path = '/v1/chat/completions') =>
  server.fetch(path, body);

/** A server that knows one key, made as wished, and a request that brings it. */
const withKey = (wish: object, ageMs = 0): [(world: World) => Promise<Response>, () => Options] => {
  const pepper = new Uint8Array(32).fill(7);
  const clock = createFakeClock();
  const nowMs = clock.nowMs() - ageMs;
  const given = keyCreateInputSchema.parse({ name: 'laptop', ...wish });
  const { secret, key } = mintKey(given, 'host', { random: createNodeRandom(), pepper, nowMs });
  const keyOf = (id: string) => (id === key.id ? key : undefined);
  return [
    ({ server }) =>
      server.fetch('/v1/chat/completions', chat, { headers: { authorization: `Bearer ${secret}` } }),
    () => ({ keys: createKeyRing({ peppers: { file: pepper }, keyOf, clock }) }),
  ];
};
const failsWith =
  (code: ErrorCode, details?: Readonly<Record<string, unknown>>) =>
  async (world: World): Promise<Response> => {
    const asked = ask(world);
    (await world.replica.next()).fail(new AppError(code, 'What happened.', { details }));
    return asked;
  };
const whileEngineIs =
  (state: Parameters<ScriptedReplica['setState']>[0], path?: string) =>
  (world: World): Promise<Response> => {
    world.replica.setState(state);
    return path === undefined ? ask(world) : world.server.fetch(path);
  };
const saturated = async (world: World): Promise<Response> => {
  void Promise.allSettled([ask(world), ask(world)]);
  await world.replica.next();
  await world.replica.next();
  return ask(world);
};
const failed = (code: ErrorCode) =>
  ({ type: 'failed', error: new AppError(code, 'What happened.').toPayload() }) as const;

/** How each code of the closed list comes about, its status, and the facts that its reply tells. */
const cases: readonly [
  code: string,
  status: number,
  provoke: (world: World) => Promise<Response>,
  options?: (() => Options) | undefined,
  facts?: object,
][] = [
  [
    'invalid_api_key',
    401,
    ({ server }) => server.fetch('/v1/models', undefined, { headers: { authorization: 'Bearer dyno_x' } }),
  ],
  ['key_expired', 401, ...withKey({ expiresInMs: 1000 }, 2000)],
  ['insufficient_permissions', 403, ...withKey({ role: 'auditor' })],
  ['model_not_allowed', 403, ...withKey({ models: ['another'] })],
  ['model_not_found', 404, (world) => ask(world, { ...chat, model: 'another' })],
  ['unsupported_parameter', 400, (world) => ask(world, { ...chat, temprature: 1 })],
  ['invalid_value', 400, (world) => ask(world, { ...chat, n: 0 })],
  ['invalid_json', 400, (world) => ask(world, [chat])],
  ['payload_too_large', 413, (world) => ask(world, { ...chat, user: 'x'.repeat(4 * 1_048_576) })],
  ['not_found', 404, (world) => ask(world, chat, '/v1/nowhere')],
  ['method_not_allowed', 405, ({ server }) => server.fetch('/v1/chat/completions')],
  [
    'previous_response_not_found',
    400,
    (world) => ask(world, { input: 'Hi', previous_response_id: 'resp_1' }, '/v1/responses'),
  ],
  ['stream_not_found', 404, ({ server }) => server.fetch('/v1/streams/strm_1')],
  [
    'rate_limit_exceeded',
    429,
    saturated,
    () => ({ limits: tenantLimits({ requestsPerMinute: 2 }) }),
    { scope: 'tenant', resource: 'requests', limit: 2, used: 2, resets_in_s: 60 },
  ],
  ['queue_full', 503, saturated, () => ({ queueLimit: 0 })],
  [
    'model_loading',
    503,
    whileEngineIs({ type: 'loading', fraction: 0.5 }, '/ready'),
    undefined,
    { progress: 0.5 },
  ],
  ['out_of_memory', 507, whileEngineIs(failed('engine.out-of-memory'))],
  ['model_load_failed', 422, whileEngineIs(failed('engine.load-failed'))],
  ['replica_crashed', 503, failsWith('engine.crashed')],
  [
    'context_length_exceeded',
    400,
    failsWith('engine.context-exceeded', { promptTokens: 9, maxTokens: 4, contextSize: 8 }),
    undefined,
    { prompt_tokens: 9, max_tokens: 4, context_size: 8 },
  ],
  ['invalid_template', 422, failsWith('engine.bad-template')],
  ['internal', 500, failsWith('storage.corrupt')],
  [
    'deadline_exceeded',
    504,
    async (world) => {
      const asked = ask(world);
      await world.replica.next();
      await world.clock.advance(2000);
      return asked;
    },
    () => ({ deadlineMs: 1500 }),
  ],
];

it.each(cases)(
  'answers %s with %i, an id, and when to come back',
  async (code, status, provoke, options, facts) => {
    const clock = createFakeClock();
    const replica = createScriptedReplica({ facts: { slots: 2 } });
    const server = await openGateway(replica, { clock, ...options?.() });
    const reply = await provoke({ server, replica, clock });
    const { error } = errorReplySchema.parse(await reply.json());
    void server.gateway.close({ graceMs: 0 });
    await clock.advance(5000);
    await server[Symbol.asyncDispose]();
    expect([error.code, reply.status]).toEqual([code, status]);
    expect(error).toMatchObject(facts ?? {});
    expect(reply.headers.get('x-request-id')).toMatch(/^req_\w+$/u);
    expect(Number(reply.headers.get('retry-after')) > 0).toBe(status === 429 || status === 503);
  },
);

it.each([
  ['/v1/chat/completions', { ...chat, grammar: 'root ::= root' }, 'grammar'],
  ['/v1/chat/completions', { ...chat, response_format: { type: 'json_object' } }, 'response_format'],
  ['/v1/responses', { input: 'Hi', text: { format: { type: 'json_object' } } }, 'text.format'],
])('names the parameter that held a refused grammar: %s, %o', async (path, body, param) => {
  const replica = createScriptedReplica();
  await using server = await openGateway(replica);
  const asked = server.fetch(path, body);
  (await replica.next()).fail(new AppError('engine.bad-grammar'));
  const { error } = errorReplySchema.parse(await (await asked).json());
  expect([error.code, error.param]).toEqual(['invalid_grammar', param]);
});
