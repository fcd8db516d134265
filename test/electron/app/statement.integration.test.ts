import { expect, it } from 'vitest';
import { hostActor } from '../../../electron/app/access/actor.ts';
import { openAccess } from '../../../electron/app/access/open-access.ts';
import { createNodeRandom } from '../../../electron/platform/node/random.ts';
import { plainVault } from '../../../electron/platform/node/plain-vault.ts';
import { openStorage } from '../../../electron/storage/index.ts';
import { keyCreateInputSchema } from '../../../shared/contract/keys.ts';
import { noLimits } from '../../../shared/contract/limits.ts';
import type { StatementInput } from '../../../shared/contract/prices.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeFiles } from '../../support/fake-files.ts';
import { createFakeLog } from '../../support/fake-log.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { createScriptedReplica, type ScriptedGeneration } from '../../support/scripted-replica.ts';

/** The server with the keys, the ledger and the database of the app, half a minute before November (UTC). */
const openWorld = async () => {
  await using scope = new AsyncDisposableStack();
  const storage = scope.use(openStorage(':memory:'));
  const clock = createFakeClock({ wallMs: Date.UTC(2026, 10, 1) - 30_000 });
  const access = scope.use(
    await openAccess({
      ports: {
        clock,
        files: createFakeFiles(),
        random: createNodeRandom(),
        log: createFakeLog(),
        folders: { data: '/data', models: '/data/models', resources: '/resources' },
        vault: plainVault,
      },
      stores: storage,
      publish: () => undefined,
    }),
  );
  const replica = createScriptedReplica();
  const server = scope.use(
    await openGateway(replica, { clock, keys: access.ring, ledger: (entry) => access.ledger.add(entry) }),
  );
  const keyOf = (tenantId: string, name: string) =>
    access.keys.create(hostActor, keyCreateInputSchema.parse({ name, tenantId }));
  /** A request that the engine answers as `play` says. */
  const ask = async (secret: string, play: (generation: ScriptedGeneration) => void, model = 'demo') => {
    const reply = server.fetch(
      '/v1/chat/completions',
      { model, messages: [{ role: 'user', content: 'Hello' }], max_tokens: 100 },
      { headers: { authorization: `Bearer ${secret}` } },
    );
    if (model === 'demo') play(await replica.next());
    const { status } = await reply;
    return status;
  };
  const owned = scope.move();
  return { access, clock, keyOf, ask, [Symbol.asyncDispose]: () => owned.disposeAsync() };
};

/** Reads a prompt of which the cache held a part, and answers with so many tokens. */
const answer =
  (prompt: number, cached: number, output: number, reasoning = 0) =>
  (generation: ScriptedGeneration): void => {
    generation.start(prompt, cached);
    for (let token = 0; token < output; token += 1) generation.say('x');
    generation.finish('stop', reasoning);
  };

it('adds up what the server answered, by month, tenant and key, at the prices of each day', async () => {
  await using world = await openWorld();
  const { access, ask, clock } = world;
  for (const id of ['lab', 'den'])
    access.tenants.create(hostActor, { id, name: `The ${id}`, limits: noLimits });
  const [nightly, laptop, other] = [
    world.keyOf('lab', 'nightly'),
    world.keyOf('lab', 'laptop'),
    world.keyOf('den', 'x'),
  ];
  const sheet = { model: 'demo', currency: 'EUR', cachedMicro: 100_000, outputMicro: 4_000_000 };
  access.prices.set(hostActor, { ...sheet, fromDay: '2026-10-01', promptMicro: 1_000_000 });
  access.prices.set(hostActor, { ...sheet, fromDay: '2026-11-01', promptMicro: 2_000_000 });

  const statuses = [
    // October: 1,000 prompt tokens, 300 of them cached, and 5 of output
    await ask(nightly.secret, answer(600, 300, 3)),
    await ask(laptop.secret, answer(400, 0, 2, 1)),
    await ask(other.secret, answer(50, 0, 50)),
  ];
  await clock.advance(60_000);
  statuses.push(
    // November: 700 prompt tokens, 700 cached; two tokens were made before the engine broke
    await ask(nightly.secret, answer(700, 0, 1)),
    await ask(nightly.secret, answer(700, 700, 10)),
    await ask(laptop.secret, (generation) => {
      generation.start(90, 40);
      generation.say('x');
      generation.say('y');
      generation.fail(new AppError('engine.crashed'));
    }),
    // no token: it ends before an engine is asked
    await ask(laptop.secret, () => undefined, 'nobody'),
  );
  expect(statuses).toEqual([200, 200, 200, 200, 200, 503, 404]);

  const statement = (month: string, more: Partial<StatementInput> = {}) => {
    const { lines, requests, errors, totalMicro } = access.prices.statement(hostActor, {
      tenantId: 'lab',
      month,
      currency: 'EUR',
      ...more,
    });
    return {
      requests,
      errors,
      totalMicro,
      lines: lines.map(({ kind, tokens, microPerMillion, amountMicro }) => [
        kind,
        tokens,
        microPerMillion,
        amountMicro,
      ]),
    };
  };
  expect(statement('2026-10')).toEqual({
    requests: 2,
    errors: 0,
    lines: [
      ['prompt', 700, 1_000_000, 700],
      ['cached', 300, 100_000, 30],
      ['output', 5, 4_000_000, 20],
    ],
    totalMicro: 750,
  });
  expect(statement('2026-11')).toEqual({
    requests: 4,
    errors: 2,
    lines: [
      ['prompt', 750, 2_000_000, 1500],
      ['cached', 740, 100_000, 74],
      ['output', 13, 4_000_000, 52],
    ],
    totalMicro: 1626,
  });
  // the keys of a tenant come to what it comes to, and its lines to the rows of the ledger
  const keys = [nightly, laptop].map(({ key }) => statement('2026-11', { keyId: key.id }).totalMicro);
  expect(keys).toEqual([1400 + 70 + 44, 100 + 4 + 8]);
  const rows = access.ledger
    .rows(hostActor, { fromMs: Date.UTC(2026, 10, 1), toMs: Date.UTC(2026, 11, 1), limit: 100 })
    .filter(({ tenantId }) => tenantId === 'lab');
  const sum = (of: 'promptTokens' | 'cachedTokens' | 'outputTokens') =>
    rows.reduce((total, row) => total + row[of], 0);
  expect([sum('promptTokens'), sum('cachedTokens'), sum('outputTokens')]).toEqual([750 + 740, 740, 13]);
  expect(statement('2026-10', { tenantId: 'den' }).totalMicro).toBe(50 + 200);
  // what was recorded keeps its price; where none held, one that is set later for the day does
  access.prices.set(hostActor, { ...sheet, fromDay: '2026-10-01', promptMicro: 0 });
  expect(statement('2026-10').totalMicro).toBe(750);
  expect(statement('2026-10', { currency: 'USD' }).totalMicro).toBe(0);
  access.prices.set(hostActor, { ...sheet, currency: 'USD', fromDay: '2026-10-31', promptMicro: 10_000_000 });
  expect(statement('2026-10', { currency: 'USD' }).totalMicro).toBe(7000 + 30 + 20);
});
