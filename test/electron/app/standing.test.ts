import { expect, it } from 'vitest';
import { hostActor } from '../../../electron/app/access/actor.ts';
import { noLimits } from '../../../shared/contract/limits.ts';
import { keyWish as wish, openAccessWorld } from '../../support/open-access-world.ts';
import { thrownBy } from '../../support/thrown-by.ts';

const DAY = 86_400_000;
const refusalOf = (act: () => unknown) => thrownBy(() => Promise.try(act));

/** A tenant with two projects and a key in each, and one key outside of it. */
const openResearch = async () => {
  const world = await openAccessWorld();
  world.tenants.create(hostActor, { id: 'research', name: 'Research', limits: noLimits });
  world.tenants.createProject(hostActor, { tenantId: 'research', id: 'bot', name: 'Bot' });
  const make = (given: object) => world.keys.create(hostActor, wish(given));
  return {
    ...world,
    inDefault: make({ tenantId: 'research' }),
    inBot: make({ tenantId: 'research', projectId: 'bot' }),
    outside: make({}),
    stateOf: (keyId: string) => world.keys.get(hostActor, keyId).state,
    actions: () => world.audit.list(hostActor, 10).map(({ action, subject }) => `${action} ${subject}`),
  };
};

it('stops every key of a suspended tenant with the reason, and none of another, until it is resumed', async () => {
  using world = await openResearch();
  const { inDefault, inBot, outside } = world;
  world.standings.suspend(hostActor, 'research', 'unpaid invoice');
  const refused = await refusalOf(() => world.ring.verify(inBot.secret));
  expect([refused.code, refused.message, refused.details]).toEqual([
    'gateway.tenant-suspended',
    'The tenant Research is suspended: unpaid invoice.',
    { scope: 'tenant' },
  ]);
  expect(world.ring.endOf(inDefault.key.id)?.code).toBe('gateway.tenant-suspended');
  expect([world.stateOf(inBot.key.id), world.stateOf(outside.key.id)]).toEqual(['suspended', 'active']);
  expect(world.ring.verify(outside.secret)?.keyId).toBe(outside.key.id);

  world.standings.resume(hostActor, 'research');
  world.standings.resume(hostActor, 'research');
  expect(world.ring.verify(inBot.secret)?.keyId).toBe(inBot.key.id);
  expect(world.actions().slice(0, 2)).toEqual(['tenant.resumed research', 'tenant.suspended research']);
});

it('stops the keys of one project, and tells of the tenant first where both are suspended', async () => {
  using world = await openResearch();
  const bot = { tenantId: 'research', id: 'bot' };
  world.standings.suspendProject(hostActor, bot, null);
  const refused = await refusalOf(() => world.ring.verify(world.inBot.secret));
  expect([refused.message, refused.details]).toEqual(['The project Bot is suspended.', { scope: 'project' }]);
  expect(world.ring.verify(world.inDefault.secret)?.projectId).toBe('default');
  world.standings.suspend(hostActor, 'research', null);
  expect((await refusalOf(() => world.ring.verify(world.inBot.secret))).message).toContain('tenant');
  world.standings.resume(hostActor, 'research');
  world.standings.resumeProject(hostActor, bot);
  expect(world.ring.verify(world.inBot.secret)?.projectId).toBe('bot');
});

it('makes no key in a suspended tenant, neither a new one nor a successor, by itself or by hand', async () => {
  using world = await openResearch();
  const rotation = { maxAgeMs: DAY, maxIdleMs: null, isAutomatic: true };
  const { key } = world.keys.create(hostActor, wish({ tenantId: 'research', rotation }));
  world.standings.suspend(hostActor, 'research', null);
  for (const act of [
    () => world.keys.create(hostActor, wish({ tenantId: 'research' })),
    () => world.keys.rotate(hostActor, world.inBot.key.id),
  ]) {
    expect((await refusalOf(act)).code).toBe('gateway.tenant-suspended');
  }
  world.later(DAY);
  await world.clock.advance(30_000);
  expect(world.keys.get(hostActor, key.id).successorId).toBeNull();
  world.standings.resume(hostActor, 'research');
  await world.clock.advance(30_000);
  expect(world.keys.get(hostActor, key.id).successorId).not.toBeNull();
});

it('tells another process of a suspension within half a second', async () => {
  using world = await openResearch();
  const other = await world.again();
  const seen: string[] = [];
  using _watch = other.ring.onChange(() => seen.push(other.ring.endOf(world.inBot.key.id)?.code ?? 'good'));
  world.standings.suspend(hostActor, 'research', null);
  await world.clock.advance(500);
  expect(seen).toEqual(['gateway.tenant-suspended']);
});

it('removes a tenant for good: its keys are revoked with it, lists leave it out, its id stays taken', async () => {
  using world = await openResearch();
  const { inDefault, inBot } = world;
  const { tenant, revokedKeys } = world.standings.remove(hostActor, 'research');
  expect([tenant.standing.type, new Set(revokedKeys)]).toEqual([
    'removed',
    new Set([inDefault.key.id, inBot.key.id]),
  ]);
  expect((await refusalOf(() => world.ring.verify(inBot.secret))).code).toBe('gateway.invalid-api-key');
  expect(world.tenants.list(hostActor).map(({ id }) => id)).toEqual(['default']);
  expect(world.tenants.projects(hostActor).map(({ tenantId }) => tenantId)).toEqual(['default']);
  const listed = { includesRemoved: true };
  expect(world.tenants.list(hostActor, listed).map(({ id }) => id)).toEqual(['default', 'research']);
  expect(world.tenants.projects(hostActor, listed).map(({ standing }) => standing.type)).toEqual([
    'active',
    'removed',
    'removed',
  ]);
  for (const act of [
    () => world.standings.resume(hostActor, 'research'),
    () => world.tenants.update(hostActor, { id: 'research', name: 'Again' }),
    () => world.tenants.createProject(hostActor, { tenantId: 'research', id: 'more', name: 'More' }),
    () => world.keys.create(hostActor, wish({ tenantId: 'research' })),
  ]) {
    expect((await refusalOf(act)).code).toBe('app.not-found');
  }
  const again = { id: 'research', name: 'Again', limits: noLimits };
  expect((await refusalOf(() => world.tenants.create(hostActor, again))).hint).toContain('ledger');
  expect(world.actions().slice(0, 3).toSorted()).toEqual(
    [`key.revoked ${inBot.key.id}`, `key.revoked ${inDefault.key.id}`, 'tenant.removed research'].toSorted(),
  );
});

it('removes a project with its keys, and leaves the rest of the tenant alone', async () => {
  using world = await openResearch();
  const { revokedKeys } = world.standings.removeProject(hostActor, { tenantId: 'research', id: 'bot' });
  expect(revokedKeys).toEqual([world.inBot.key.id]);
  expect(world.ring.verify(world.inDefault.secret)?.tenantId).toBe('research');
  expect(world.tenants.projects(hostActor).map(({ id }) => id)).toEqual(['default', 'default']);
});

it('neither suspends nor removes what holds the owner, nor removes a default project, and says why', async () => {
  using world = await openResearch();
  const home = { tenantId: 'default', id: 'default' };
  const acts = [
    () => world.standings.suspend(hostActor, 'default', null),
    () => world.standings.remove(hostActor, 'default'),
    () => world.standings.suspendProject(hostActor, home, null),
    () => world.standings.removeProject(hostActor, home),
    () => world.standings.removeProject(hostActor, { tenantId: 'research', id: 'default' }),
  ];
  const refusals = await Promise.all(acts.map(refusalOf));
  expect(refusals.map(({ code }) => code)).toEqual(acts.map(() => 'app.bad-input'));
  expect(refusals[0]?.message).toContain("the owner's key");
  expect(refusals[4]?.message).toContain('keys that name no project');
  expect(world.ring.verify(world.ownerKey())?.name).toBe('owner');
});

it('lets an admin stop projects of its tenant, but neither its own, nor another, nor one with a wider key', async () => {
  using world = await openResearch();
  const admin = world.as(world.keys.create(hostActor, wish({ tenantId: 'research', role: 'admin' })).secret);
  const bot = { tenantId: 'research', id: 'bot' };
  expect(world.standings.suspendProject(admin, bot, null).standing.type).toBe('suspended');
  world.standings.resumeProject(admin, bot);
  const own = await refusalOf(() => world.standings.suspendProject(admin, { ...bot, id: 'default' }, null));
  expect([own.code, own.message]).toEqual([
    'app.bad-input',
    expect.stringContaining('with a key of its own'),
  ]);
  const foreign = { tenantId: 'default', id: 'default' };
  expect((await refusalOf(() => world.standings.removeProject(admin, foreign))).code).toBe('app.not-found');
  world.keys.create(hostActor, wish({ tenantId: 'research', projectId: 'bot', role: 'owner' }));
  for (const act of [
    () => world.standings.suspendProject(admin, bot, null),
    () => world.standings.removeProject(admin, bot),
  ]) {
    expect((await refusalOf(act)).code).toBe('gateway.insufficient-permissions');
  }
  expect(world.ring.verify(world.inBot.secret)?.projectId).toBe('bot');
});

it('renames a tenant and a project, and their ids stay', async () => {
  using world = await openResearch();
  world.tenants.update(hostActor, { id: 'research', name: 'Research group' });
  world.tenants.renameProject(hostActor, { tenantId: 'research', id: 'bot', name: 'Chat bot' });
  expect(world.tenants.list(hostActor)[1]).toMatchObject({ id: 'research', name: 'Research group' });
  expect(world.tenants.projects(hostActor)[2]).toMatchObject({ id: 'bot', name: 'Chat bot' });
  expect(world.actions().slice(0, 2)).toEqual(['project.changed bot', 'tenant.changed research']);
});

it("does not revoke the owner's own key, nor the last one of an owner, and says what to do instead", async () => {
  using world = await openResearch();
  const own = world.keys.get(hostActor, world.ownerKey());
  expect([own.isHostKey, world.inBot.key.isHostKey]).toEqual([true, false]);
  const refused = await refusalOf(() => world.keys.revoke(hostActor, own.id));
  expect([refused.code, refused.hint]).toEqual(['app.bad-input', expect.stringContaining('dyno keys renew')]);

  const second = world.keys.create(hostActor, wish({ role: 'owner' }));
  // as another kind of host would see it, whose own key has ended meanwhile
  const record = world.storage.access.keys().find(({ id }) => id === own.id);
  if (record !== undefined) world.storage.access.putKey({ ...record, graceUntilMs: 1 });
  const last = await refusalOf(() => world.keys.revoke(hostActor, second.key.id));
  expect([last.code, last.hint]).toEqual(['app.bad-input', expect.stringContaining('--grace 0m')]);
  world.keys.create(hostActor, wish({ role: 'owner' }));
  expect(world.keys.revoke(hostActor, second.key.id).state).toBe('revoked');
});
