import { describe, expect, it } from 'vitest';
import { hostActor } from '../../../electron/app/access/actor.ts';
import { createBudgetOffice } from '../../../electron/app/access/budget-office.ts';
import { budgetKey, budgetSchema } from '../../../shared/contract/budgets.ts';
import { keyCreateInputSchema } from '../../../shared/contract/keys.ts';
import { noLimits } from '../../../shared/contract/limits.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { createFakeLog } from '../../support/fake-log.ts';
import { openAccessWorld } from '../../support/open-access-world.ts';
import { thrownBy } from '../../support/thrown-by.ts';
import { createPrincipal } from '../../support/principal.ts';
import { usageRow } from '../../support/usage-row.ts';

const keyWish = (given: object = {}) => keyCreateInputSchema.parse({ name: 'laptop', ...given });
const codeOf = async (act: () => unknown) => (await thrownBy(() => Promise.try(act))).code;
const budgetOf = (owner: object, given: object = {}) =>
  budgetSchema.parse({ owner, window: 'month', limit: 1000, ...given });
const ofTenant = (given: object = {}) => budgetOf({ type: 'tenant', tenantId: 'default' }, given);
const priced = {
  model: 'demo',
  currency: 'EUR',
  fromDay: '1970-01-01',
  promptMicro: 2_000_000,
  cachedMicro: 500_000,
  outputMicro: 8_000_000,
};

describe('what is used of a budget', () => {
  it('is what the ledger has of its window, of the keys that a rotation and a key made, too', async () => {
    using world = await openAccessWorld();
    const { key: maker, secret } = world.keys.create(hostActor, keyWish({ role: 'admin' }));
    const made = world.keys.create(world.as(secret), keyWish());
    const next = await world.keys.rotate(hostActor, maker.id);
    const stranger = world.keys.create(hostActor, keyWish());
    const ids = [maker.id, made.key.id, next.key.id, stranger.key.id];
    for (const [index, keyId] of ids.entries()) {
      const atMs = world.clock.nowMs();
      world.ledger.add(usageRow(`r${index}`, { keyId, tenantId: 'default', atMs }));
    }
    // before the window
    world.ledger.add(usageRow('old', { keyId: maker.id, tenantId: 'default', atMs: 0 }));
    const budget = budgetOf({ type: 'key', keyId: maker.id }, { window: 'hour' });
    expect(world.budgets.set(hostActor, budget)).toMatchObject({ used: 3 * 15, unpricedTokens: 0 });
    const budgetsOf = (presented: string) => {
      const principal = world.ring.verify(presented);
      return principal === undefined ? [] : world.budgets.source.budgetsOf(principal);
    };
    expect([budgetsOf(made.secret), budgetsOf(next.secret), budgetsOf(stranger.secret)]).toEqual([
      [budget],
      [budget],
      [],
    ]);
    // in money by prices of another model nothing of theirs is counted, and all of it told
    world.prices.set(hostActor, { ...priced, model: 'elsewhere' });
    expect(world.budgets.set(hostActor, { ...budget, currency: 'EUR' })).toMatchObject({
      used: 0,
      unpricedTokens: 3 * 15,
    });
  });

  it('is in money what a statement of the window comes to, and tells the tokens without a price apart', async () => {
    using world = await openAccessWorld();
    world.prices.set(hostActor, priced);
    const atMs = world.clock.nowMs();
    world.ledger.add(usageRow('a', { tenantId: 'default', keyId: 'x', atMs }));
    world.ledger.add(usageRow('b', { tenantId: 'default', keyId: 'y', atMs }));
    world.ledger.add(usageRow('c', { tenantId: 'default', model: 'other', atMs }));
    const month = new Date(atMs).toISOString().slice(0, 7);
    const statement = () =>
      world.prices.statement(hostActor, { tenantId: 'default', month, currency: 'EUR' });
    const use = () => world.budgets.set(hostActor, ofTenant({ currency: 'EUR' }));
    // 2 x (6 read, 4 cached, 5 output)
    expect(use()).toMatchObject({ used: 2 * (12 + 2 + 40), unpricedTokens: 15 });
    expect(statement()).toMatchObject({ totalMicro: use().used, unpricedTokens: 15 });
    // what was recorded stays, whatever the price becomes
    world.prices.set(hostActor, { ...priced, outputMicro: 1 });
    expect(use().used).toBe(108);
    expect(world.budgets.source.usedSince(use().budget, 0)).toBe(108_000_000n);
  });
});

describe('who may set a budget', () => {
  it('is the owner for all, and an admin for the keys of its tenant that do not hold its own', async () => {
    using world = await openAccessWorld();
    world.tenants.create(hostActor, { id: 'research', name: 'R', limits: noLimits });
    const admin = world.keys.create(hostActor, keyWish({ role: 'admin' }));
    const actor = world.as(admin.secret);
    const own = world.keys.create(actor, keyWish());
    const foreign = world.keys.create(hostActor, keyWish({ tenantId: 'research' }));
    const setOf = (owner: object) => () => world.budgets.set(actor, budgetOf(owner));

    expect(setOf({ type: 'key', keyId: own.key.id })().budget.limit).toBe(1000);
    expect(await codeOf(setOf({ type: 'key', keyId: admin.key.id }))).toBe(
      'gateway.insufficient-permissions',
    );
    expect(await codeOf(setOf({ type: 'tenant', tenantId: 'default' }))).toBe(
      'gateway.insufficient-permissions',
    );
    expect(await codeOf(setOf({ type: 'key', keyId: foreign.key.id }))).toBe('app.not-found');
    expect(await codeOf(setOf({ type: 'tenant', tenantId: 'nobody' }))).toBe('app.not-found');
    const owners = world.keys.create(hostActor, keyWish({ role: 'owner' }));
    expect(await codeOf(setOf({ type: 'key', keyId: owners.key.id }))).toBe(
      'gateway.insufficient-permissions',
    );

    const held = world.budgets.set(hostActor, budgetOf({ type: 'key', keyId: admin.key.id })).budget;
    expect(await codeOf(() => world.budgets.remove(actor, held))).toBe('gateway.insufficient-permissions');
    world.budgets.set(hostActor, budgetOf({ type: 'key', keyId: foreign.key.id }));
    expect(world.budgets.list(actor).map(({ budget }) => budget.owner)).toEqual(
      expect.arrayContaining([held.owner, { type: 'key', keyId: own.key.id }]),
    );
    expect([world.budgets.list(actor).length, world.budgets.list(hostActor).length]).toEqual([2, 3]);
  });

  it('is told where a currency has no price, and where there is no such budget', async () => {
    using world = await openAccessWorld();
    expect(await codeOf(() => world.budgets.set(hostActor, ofTenant({ currency: 'EUR' })))).toBe(
      'app.bad-input',
    );
    expect(await codeOf(() => world.budgets.remove(hostActor, ofTenant()))).toBe('app.not-found');
  });
});

it('replaces, removes, and leaves a line in the audit log for each; servers see it at once', async () => {
  using world = await openAccessWorld();
  const { secret, key } = world.keys.create(hostActor, keyWish());
  const principal = world.ring.verify(secret);
  if (principal === undefined) throw new TypeError('no such key');
  const now = () => world.budgets.source.budgetsOf(principal).map(({ limit }) => limit);
  world.budgets.set(hostActor, ofTenant());
  expect(now()).toEqual([1000]);
  world.budgets.set(hostActor, ofTenant({ limit: 5, alertPercents: [90, 10, 90] }));
  world.budgets.set(hostActor, budgetOf({ type: 'key', keyId: key.id }, { limit: 7 }));
  expect(now()).toEqual([7, 5]);
  expect(world.budgets.list(hostActor)[1]?.budget.alertPercents).toEqual([10, 90]);
  world.budgets.remove(hostActor, ofTenant());
  expect(now()).toEqual([7]);
  expect(world.audit.list(hostActor, 4).map(({ action }) => action)).toEqual([
    'budget.removed',
    'budget.set',
    'budget.set',
    'budget.set',
  ]);
});

it('tells a reached share once in a window, whichever process finds it', async () => {
  using world = await openAccessWorld();
  const { budget } = world.budgets.set(hostActor, ofTenant());
  const other = await world.again();
  const fact = { percent: 80, windowStartMs: Date.UTC(2026, 10) };
  world.budgets.source.reached(budget, fact);
  other.budgets.source.reached(budget, fact);
  other.budgets.source.reached(budget, { ...fact, windowStartMs: Date.UTC(2026, 11) });
  expect(world.published).toEqual(
    [Date.UTC(2026, 11), Date.UTC(2027, 0)].map((windowEndMs) => ({
      type: 'budget.reached',
      budget,
      percent: 80,
      windowEndMs,
    })),
  );
  const [line] = world.audit.list(hostActor, 1);
  expect(line).toMatchObject({ action: 'budget.reached', subject: budgetKey(budget), tenantId: 'default' });
});

it('tells the shares of a budget anew once its limit was changed', async () => {
  using world = await openAccessWorld();
  const windowStartMs = Date.UTC(2026, 10);
  const fact = { percent: 80, windowStartMs };
  const first = world.budgets.set(hostActor, ofTenant()).budget;
  world.budgets.source.reached(first, fact);
  world.budgets.set(hostActor, ofTenant({ isEnforced: false }));
  expect(world.storage.budgets.alerts(first, windowStartMs)).toHaveLength(1);
  const raised = world.budgets.set(hostActor, ofTenant({ limit: 2000 })).budget;
  expect(world.storage.budgets.alerts(raised, windowStartMs)).toEqual([]);
  world.budgets.source.reached(raised, fact);
  expect(world.published).toHaveLength(2);
});

it('takes no budget for unused while the ledger cannot be written', async () => {
  using world = await openAccessWorld();
  const { budget } = world.budgets.set(hostActor, ofTenant());
  const { budgets, access, prices, audit } = world.storage;
  const office = createBudgetOffice({
    clock: world.clock,
    log: createFakeLog(),
    store: budgets,
    access,
    prices,
    audit,
    ledger: {
      ...world.ledger,
      flush: () => {
        throw new AppError('storage.disk-full');
      },
    },
    directory: world.directory,
    publish: () => undefined,
  });
  expect(await codeOf(() => office.source.usedSince(budget, 0))).toBe('storage.disk-full');
});

it('looks at no change any more once its access is closed', async () => {
  using world = await openAccessWorld();
  const other = await world.again();
  other[Symbol.dispose]();
  const { budget } = world.budgets.set(hostActor, ofTenant());
  const caller = createPrincipal();
  expect(world.budgets.source.budgetsOf(caller)).toEqual([budget]);
  other.directory.refresh();
  expect(other.budgets.source.budgetsOf(caller)).toEqual([]);
});
