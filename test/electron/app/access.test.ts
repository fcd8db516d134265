import { expect, it } from 'vitest';
import { hostActor } from '../../../electron/app/access/actor.ts';
import { limitUse } from '../../../electron/app/access/limit-use.ts';
import { statesAtRest, type Limiter } from '../../../electron/gateway/index.ts';
import { noLimits } from '../../../shared/contract/limits.ts';
import { keyWish as wish, openAccessWorld } from '../../support/open-access-world.ts';
import { thrownBy } from '../../support/thrown-by.ts';
import { usageRow } from '../../support/usage-row.ts';

const DAY = 86_400_000;
/** What an act fails with, whether it throws or rejects. */
const refusalOf = (act: () => unknown) => thrownBy(() => Promise.try(act));
it('knows a key that another process made at once, not with its next look', async () => {
  using world = await openAccessWorld();
  const other = await world.again();
  const { secret, key } = world.keys.create(hostActor, wish());
  expect(other.ring.verify(secret)).toMatchObject({ keyId: key.id });
});

it("makes the owner's key at the first run, finds it again, and keeps it in a file of its owner's", async () => {
  using world = await openAccessWorld();
  expect(world.ring.verify(world.ownerKey())).toMatchObject({ name: 'owner', reachesAllTenants: true });
  expect((await world.again()).ownerKey()).toBe(world.ownerKey());
  expect(world.keys.list(hostActor)).toHaveLength(1);
  expect(JSON.stringify(world.storage.access.keys())).not.toContain(world.ownerKey().slice(18, 61));
});

it('tells a secret once, and never again', async () => {
  using world = await openAccessWorld();
  const { secret, key } = world.keys.create(hostActor, wish());
  expect(world.ring.verify(secret)?.keyId).toBe(key.id);
  const told = JSON.stringify([world.keys.list(hostActor), world.audit.list(hostActor, 100)]);
  expect([told.includes(secret.slice(18, 61)), told.includes('hash":"' + secret)]).toEqual([false, false]);
  expect(Object.keys(world.keys.get(hostActor, key.id))).not.toContain('pepper');
});

it('rotates with a grace, in which both keys work, and ends the old one after it', async () => {
  using world = await openAccessWorld();
  const old = world.keys.create(hostActor, wish());
  const next = await world.keys.rotate(hostActor, old.key.id);
  expect(world.ring.verify(old.secret)?.notice?.text).toContain(next.key.id);
  expect(world.ring.verify(next.secret)?.keyId).toBe(next.key.id);
  expect((await thrownBy(() => world.keys.rotate(hostActor, old.key.id))).hint).toContain(next.key.id);
  world.later(DAY);
  expect((await refusalOf(() => world.ring.verify(old.secret))).code).toBe('gateway.key-expired');
  expect(world.ring.verify(next.secret)?.notice).toBeUndefined();
});

it('makes the successor of a key by itself at its maximum age, and leaves the secret where its owner finds it', async () => {
  using world = await openAccessWorld();
  const rotation = { maxAgeMs: 7 * DAY, maxIdleMs: null, isAutomatic: true };
  const old = world.keys.create(hostActor, wish({ rotation }));
  world.later(7 * DAY);
  await world.clock.advance(30_000);
  const { successorId, state } = world.keys.get(hostActor, old.key.id);
  expect(state).toBe('grace');
  const secret = (await world.files.readText(`/data/keys/${successorId ?? ''}.key`)).trim();
  expect(world.ring.verify(secret)?.keyId).toBe(successorId);
  expect(world.audit.list(hostActor, 1)[0]).toMatchObject({ action: 'key.rotated', actor: { type: 'dyno' } });
});

it('remembers the last use, and ends a key that nobody used', async () => {
  using world = await openAccessWorld();
  const rotation = { maxAgeMs: null, maxIdleMs: DAY, isAutomatic: false };
  const { secret, key } = world.keys.create(hostActor, wish({ rotation }));
  world.later(DAY - 10_000);
  world.ring.verify(secret);
  await world.clock.advance(10_000);
  expect(world.ring.verify(secret)?.keyId).toBe(key.id);
  expect(world.keys.get(hostActor, key.id).lastUsedAtMs).toBe(key.createdAtMs + DAY - 10_000);
  world.later(DAY);
  expect((await refusalOf(() => world.ring.verify(secret))).code).toBe('gateway.key-expired');
});

it('sees within half a second that another process revoked a key', async () => {
  using world = await openAccessWorld();
  const { secret, key } = world.keys.create(hostActor, wish());
  const other = await world.again();
  const seen: string[] = [];
  using _watch = world.ring.onChange(() => seen.push(world.ring.endOf(key.id)?.code ?? 'good'));
  other.keys.revoke(hostActor, key.id);
  expect(world.ring.verify(secret)?.keyId).toBe(key.id);
  await world.clock.advance(500);
  expect(seen).toEqual(['gateway.invalid-api-key']);
  expect((await refusalOf(() => world.ring.verify(secret))).code).toBe('gateway.invalid-api-key');
});

it('keeps tenants apart: what another has does not exist', async () => {
  using world = await openAccessWorld();
  world.tenants.create(hostActor, { id: 'a', name: 'A', limits: noLimits });
  world.tenants.create(hostActor, { id: 'b', name: 'B', limits: noLimits });
  const admin = world.as(world.keys.create(hostActor, wish({ role: 'admin', tenantId: 'a' })).secret);
  const foreign = world.keys.create(hostActor, wish({ tenantId: 'b' }));

  expect(world.keys.list(admin).map(({ tenantId }) => tenantId)).toEqual(['a']);
  for (const act of [
    () => world.keys.get(admin, foreign.key.id),
    () => world.keys.revoke(admin, foreign.key.id),
    () => world.keys.rotate(admin, foreign.key.id),
    () => world.keys.update(admin, { id: foreign.key.id, name: 'x' }),
  ]) {
    expect((await refusalOf(act)).code).toBe('app.not-found');
  }
  expect(world.tenants.list(admin).map(({ id }) => id)).toEqual(['a']);
  expect(world.audit.list(admin, 100).map(({ tenantId }) => tenantId)).toEqual(['a', 'a']);
});

it("lets no admin take over the owner's key, and no key make a wider one", async () => {
  using world = await openAccessWorld();
  const admin = world.as(world.keys.create(hostActor, wish({ role: 'admin' })).secret);
  for (const act of [
    () => world.keys.rotate(admin, world.ownerKey()),
    () => world.keys.revoke(admin, world.ownerKey()),
    () => world.keys.create(admin, wish({ role: 'owner' })),
  ]) {
    expect((await refusalOf(act)).code).toBe('gateway.insufficient-permissions');
  }
  expect(world.keys.create(admin, wish()).key.createdBy).toBe(admin.type === 'key' && admin.principal.keyId);
});

it('prints another key at the next start after theirs was revoked by what does not know it for theirs', async () => {
  using world = await openAccessWorld();
  const old = world.ownerKey();
  const [record] = world.storage.access.keys();
  if (record !== undefined) world.storage.access.putKey({ ...record, revokedAtMs: 1 });
  const next = (await world.again()).ownerKey();
  await world.clock.advance(500);
  expect([next === old, world.ring.verify(next)?.name]).toEqual([false, 'owner']);
});

it('renews the owner key at once, and the old one is worth nothing', async () => {
  using world = await openAccessWorld();
  const old = world.ownerKey();
  const next = await world.access.renewOwnerKey();
  expect(world.ring.verify(next)?.name).toBe('owner');
  expect((await refusalOf(() => world.ring.verify(old))).code).toBe('gateway.key-expired');
});

it('writes each turn of the recording switch into the audit log, and says what to do where nothing was kept', async () => {
  using world = await openAccessWorld();
  const { recordings } = world.access;
  const missing = await refusalOf(() => recordings.get('req_1'));
  expect([missing.code, missing.hint]).toEqual(['app.not-found', 'Turn recording on, then send it again.']);
  recordings.turn(hostActor, true);
  recordings.turn(hostActor, true);
  recordings.turn(hostActor, false);
  const actions = world.access.audit.list(hostActor, 10).map(({ action }) => action);
  expect(actions.filter((action) => action.startsWith('recording'))).toEqual([
    'recording.ended',
    'recording.started',
  ]);
});

it('tells what is left of each limit, of keys that open the door alone, and to a tenant nothing of another', async () => {
  using world = await openAccessWorld();
  const limits = { requestsPerMinute: 60, tokensPerMinute: null, concurrency: null };
  world.tenants.create(hostActor, { id: 'a', name: 'A', limits: { ...noLimits, concurrency: 4 } });
  world.tenants.create(hostActor, { id: 'b', name: 'B', limits });
  world.tenants.setServerLimits(hostActor, { ...noLimits, tokensPerMinute: 1000 });
  const ofA = { tenantId: 'a', role: 'admin', limits, modelLimits: { demo: limits } };
  const admin = world.keys.create(hostActor, wish(ofA));
  world.keys.revoke(hostActor, world.keys.create(hostActor, wish(ofA)).key.id);
  // half a minute's tokens of the whole server were used just now
  const debts = [{ id: 'server/all/tokens', debtMs: 30_000, atMs: world.clock.nowMs() }];
  const states: Limiter['states'] = (rules) => statesAtRest(rules, debts, world.clock);

  const seen = limitUse(world.as(admin.secret), world, states);
  const keyId = admin.key.id;
  expect(seen).toEqual([
    { owner: { type: 'server' }, resource: 'tokens', limit: 1000, remaining: 500, resetMs: 30_000 },
    {
      owner: { type: 'tenant', tenantId: 'a' },
      resource: 'concurrency',
      limit: 4,
      remaining: 4,
      resetMs: null,
    },
    { owner: { type: 'key', keyId }, resource: 'requests', limit: 60, remaining: 60, resetMs: 0 },
    {
      owner: { type: 'model', keyId, modelId: 'demo' },
      resource: 'requests',
      limit: 60,
      remaining: 60,
      resetMs: 0,
    },
  ]);
  expect(limitUse(hostActor, world, states).map(({ owner }) => owner)).toContainEqual({
    type: 'tenant',
    tenantId: 'b',
  });
});

it('keeps what the machine costs, notes who set it, and compares for who reaches all tenants alone', async () => {
  using world = await openAccessWorld();
  const report = () => world.costs.report(hostActor, { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER });
  expect(world.costs.local()).toBeNull();
  expect(await refusalOf(report)).toMatchObject({ code: 'app.not-found' });
  const local = {
    currency: 'EUR',
    perKwhMicro: 320_000,
    hardwareMicro: 2_400_000_000,
    amortisationYears: 4,
    usedShare: 0.5,
    assumedWatts: 100,
  };
  world.costs.setLocal(hostActor, local);
  world.access.ledger.add(usageRow('r1', { atMs: world.clock.nowMs() }));
  expect((await world.again()).costs.local()).toEqual(local);
  expect(report()).toMatchObject({ settings: local, requests: 1, outputTokens: 5, usedHours: 0.5 });
  const viewer = world.keys.create(hostActor, wish({ role: 'viewer' }));
  expect(
    await refusalOf(() => world.costs.report(world.as(viewer.secret), { fromMs: 0, toMs: 1 })),
  ).toMatchObject({ code: 'gateway.insufficient-permissions' });
  world.costs.setLocal(hostActor, null);
  expect(world.costs.local()).toBeNull();
  expect(world.storage.audit.list(3).map(({ action, subject }) => [action, subject])).toEqual([
    ['prices.removed', 'this machine'],
    ['key.created', viewer.key.id],
    ['prices.set', 'this machine'],
  ]);
});
