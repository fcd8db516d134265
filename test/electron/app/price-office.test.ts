import { expect, it } from 'vitest';
import { hostActor, type Actor } from '../../../electron/app/access/actor.ts';
import { openLedger } from '../../../electron/app/access/ledger.ts';
import { createPriceOffice } from '../../../electron/app/access/price-office.ts';
import { openStorage } from '../../../electron/storage/index.ts';
import type { UsageRow } from '../../../shared/contract/usage.ts';
import { keyCreateInputSchema } from '../../../shared/contract/keys.ts';
import { noLimits } from '../../../shared/contract/limits.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeLog } from '../../support/fake-log.ts';
import { openAccessWorld } from '../../support/open-access-world.ts';
import { priceSheet as sheet } from '../../support/price-sheet.ts';
import { createPrincipal } from '../../support/principal.ts';
import { thrownBy } from '../../support/thrown-by.ts';
import { usageRow } from '../../support/usage-row.ts';

const now = Date.UTC(2026, 10, 25, 12);
const asked = { tenantId: 'lab', month: '2026-11', currency: 'EUR' };
const keyOf = (tenantId: string, reachesAllTenants = false): Actor => ({
  type: 'key',
  principal: createPrincipal({ tenantId, reachesAllTenants, name: 'reader', keyId: 'reader' }),
});

/** Two tenants, lab and den, in a database in memory. */
const openWorld = () => {
  const scope = new DisposableStack();
  const { access, audit, prices, usage } = scope.use(openStorage(':memory:'));
  const clock = createFakeClock({ wallMs: now });
  const ledger = scope.use(openLedger({ store: usage, sheets: prices.list, clock, log: createFakeLog() }));
  for (const id of ['lab', 'den'])
    access.putTenant({
      id,
      name: `The ${id}`,
      limits: noLimits,
      createdAtMs: now,
      standing: { type: 'active' },
    });
  return {
    office: createPriceOffice({ clock, store: prices, access, audit, ledger }),
    use: (requestId: string, given: Partial<UsageRow>) =>
      ledger.add(
        usageRow(requestId, {
          atMs: now,
          tenantId: 'lab',
          promptTokens: 0,
          cachedTokens: 0,
          outputTokens: 0,
          ...given,
        }),
      ),
    /** Newest first. */
    lines: () =>
      audit.list(10).map(({ action, actor, subject, details }) => [action, actor, subject, details]),
    [Symbol.dispose]: () => scope.dispose(),
  };
};

it('sets, replaces and removes a price, and each is a line of the audit log with what was before', () => {
  using world = openWorld();
  const { office } = world;
  const cheaper = sheet({ promptMicro: 100_000 });
  const actor = keyOf('lab', true);
  office.set(hostActor, sheet());
  office.set(actor, cheaper);
  expect(office.list()).toEqual([cheaper]);
  expect(office.remove(actor, { model: 'demo', currency: 'EUR', fromDay: '2026-11-01' })).toEqual(cheaper);
  expect(office.list()).toEqual([]);
  const key = { type: 'key', keyId: 'reader', name: 'reader' };
  const before = { promptMicro: 250_000, cachedMicro: 50_000, outputMicro: 1_000_000 };
  expect(world.lines()).toEqual([
    ['prices.removed', key, 'demo', cheaper],
    ['prices.set', key, 'demo', { ...cheaper, before }],
    ['prices.set', { type: 'host' }, 'demo', sheet()],
  ]);
});

it('says in the audit log which past months a price or its removal reaches back into', () => {
  using world = openWorld();
  world.office.set(hostActor, sheet({ fromDay: '2026-08-15' }));
  world.office.set(hostActor, sheet({ fromDay: '2026-10-01' }));
  world.office.remove(hostActor, sheet({ fromDay: '2026-08-15' }));
  expect(world.lines()).toMatchObject([
    ['prices.removed', {}, 'demo', { pastMonths: '2026-08 to 2026-09' }],
    ['prices.set', {}, 'demo', { pastMonths: '2026-10' }],
    ['prices.set', {}, 'demo', { pastMonths: '2026-08 to 2026-10' }],
  ]);
});

it('does not find a price that is not set, and then writes nothing', async () => {
  using world = openWorld();
  world.office.set(hostActor, sheet());
  const refusal = await thrownBy(() =>
    Promise.try(() => world.office.remove(hostActor, sheet({ fromDay: '2026-11-02' }))),
  );
  expect([refusal.code, refusal.message]).toEqual([
    'app.not-found',
    'There is no price of demo in EUR from 2026-11-02 on.',
  ]);
  expect([world.office.list().length, world.lines().length]).toEqual([1, 1]);
});

it('counts one tenant’s rows of one month, and knows no key that is not the tenant’s', async () => {
  using world = openWorld();
  world.office.set(hostActor, sheet());
  world.use('mine', { promptTokens: 1_000_000, cachedTokens: 400_000, outputTokens: 2_000_000 });
  world.use('theirs', { tenantId: 'den', promptTokens: 7 });
  world.use('last month', { atMs: Date.UTC(2026, 10, 1) - 1, promptTokens: 7 });
  world.use('next month', { atMs: Date.UTC(2026, 11, 1), promptTokens: 7 });
  expect(world.office.statement(hostActor, asked)).toMatchObject({
    tenantName: 'The lab',
    keyId: null,
    madeAtMs: now,
    requests: 1,
    // 0.6 × 0.25 + 0.4 × 0.05 + 2 × 1
    totalMicro: 2_170_000,
  });
  const refusal = await thrownBy(() =>
    Promise.try(() => world.office.statement(hostActor, { ...asked, keyId: 'k' })),
  );
  expect(refusal.message).toBe('Tenant lab has no key k.');
});

it('tells a tenant its own statement, and no other tenant’s', async () => {
  using world = openWorld();
  world.use('theirs', { tenantId: 'den', promptTokens: 7 });
  const ask = (actor: Actor, tenantId: string) =>
    Promise.try(() => world.office.statement(actor, { ...asked, tenantId }));
  expect((await ask(keyOf('den'), 'den')).requests).toBe(1);
  expect((await ask(keyOf('lab', true), 'den')).requests).toBe(1);
  const unreachable = await thrownBy(() => ask(keyOf('lab'), 'den'));
  const unknown = await thrownBy(() => ask(keyOf('lab'), 'nobody'));
  // what another has is told apart from what is not there by nothing
  expect([unreachable.code, unreachable.message]).toEqual(['app.not-found', 'There is no tenant den.']);
  expect([unknown.code, unknown.message]).toEqual(['app.not-found', 'There is no tenant nobody.']);
});

it('counts one key of a tenant, its tokens and its money, and knows no key of another', async () => {
  using world = await openAccessWorld();
  const { prices, keys, ledger, clock } = world;
  const wish = (tenantId: string) => keyCreateInputSchema.parse({ name: 'k', tenantId });
  world.tenants.create(hostActor, { id: 'lab', name: 'Lab', limits: noLimits });
  const [one, other, foreign] = ['default', 'default', 'lab'].map(
    (tenantId) => keys.create(hostActor, wish(tenantId)).key.id,
  );
  prices.set(hostActor, sheet({ fromDay: '1970-01-01' }));
  const row = { atMs: clock.nowMs(), tenantId: 'default', cachedTokens: 0, outputTokens: 0 };
  ledger.add(usageRow('a', { ...row, keyId: one ?? '', promptTokens: 1_000_000 }));
  ledger.add(usageRow('b', { ...row, keyId: other ?? '', promptTokens: 8_000_000 }));
  const month = new Date(clock.nowMs()).toISOString().slice(0, 7);
  const ask = (keyId: string | undefined) =>
    prices.statement(hostActor, { tenantId: 'default', month, currency: 'EUR', keyId });
  expect([ask(one).totalMicro, ask(other).totalMicro, ask(undefined).totalMicro]).toEqual([
    250_000, 2_000_000, 2_250_000,
  ]);
  expect(ask(one).lines.map(({ tokens, basis }) => [tokens, basis])).toEqual([[1_000_000, 'recorded']]);
  const refusal = await thrownBy(() => Promise.try(() => ask(foreign)));
  expect(refusal.message).toBe(`Tenant default has no key ${foreign}.`);
});
