import { expect, it } from 'vitest';
import { createAlertDesk } from '../../../../electron/app/alerts/alert-desk.ts';
import { alertOf } from '../../../../electron/app/alerts/alert-message.ts';
import { hostActor } from '../../../../electron/app/access/actor.ts';
import type { Outbound } from '../../../../electron/platform/ports.ts';
import { openStorage } from '../../../../electron/storage/index.ts';
import { alertHookSchema } from '../../../../shared/contract/alerts.ts';
import { budgetSchema } from '../../../../shared/contract/budgets.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { EventBody } from '../../../../shared/events/events.ts';
import { eventually } from '../../../support/eventually.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createFakeLog } from '../../../support/fake-log.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

const hook = { url: 'https://hooks.example/T0/secret', allowsPrivate: false };
const reached: Extract<EventBody, { readonly type: 'budget.reached' }> = {
  type: 'budget.reached',
  budget: budgetSchema.parse({
    owner: { type: 'tenant', tenantId: 'research' },
    window: 'day',
    currency: 'EUR',
    limit: 2_500_000,
  }),
  percent: 100,
  windowEndMs: Date.UTC(2026, 10, 26),
};

const openDesk = (statuses: readonly (number | 'unreachable')[] = []) => {
  const storage = openStorage(':memory:');
  const clock = createFakeClock();
  const log = createFakeLog();
  const posts: { readonly url: string; readonly body: Record<string, unknown> }[] = [];
  const outbound: Outbound = {
    post: (url, { body }) => {
      posts.push({ url, body: JSON.parse(body) as Record<string, unknown> });
      const status = statuses[posts.length - 1] ?? 200;
      return status === 'unreachable'
        ? Promise.reject(new AppError('outbound.failed', 'Nobody is there.'))
        : Promise.resolve({ status, text: '' });
    },
  };
  const desk = createAlertDesk({ clock, log, outbound, facts: storage.facts, audit: storage.audit });
  return { desk, posts, clock, log, storage };
};

it('tells a reached budget in words, to people and programs, once it knows where', async () => {
  const { desk, posts } = openDesk();
  desk.hear(reached);
  desk.setHook(hostActor, hook);
  desk.hear({ type: 'bench.ended', runId: 'x' });
  desk.hear(reached);
  await eventually(() => desk.state().delivery !== null);
  expect(posts).toHaveLength(1);
  const text =
    'Dyno: tenant research has used 100 % of 2.500000 EUR for this day, which ends 2026-11-26 00:00 UTC. Requests are refused until then.';
  expect(posts[0]).toMatchObject({
    url: hook.url,
    body: {
      text,
      content: text,
      type: 'budget.reached',
      facts: { id: 'tenant/research/day/EUR', percent: 100 },
    },
  });
  expect(desk.state()).toMatchObject({ delivery: { attempts: 1, problem: null }, waiting: 0 });
});

it('tries again with longer waits, and then leaves it to the audit log', async () => {
  const { desk, posts, clock, log } = openDesk([503, 'unreachable', 500, 404]);
  desk.setHook(hostActor, hook);
  desk.hear(reached);
  await eventually(() => desk.state().delivery !== null);
  expect(desk.state()).toMatchObject({
    waiting: 1,
    delivery: { problem: 'It was answered with status 503.' },
  });
  for (const [pauseMs, tries] of [
    [5000, 2],
    [60_000, 3],
    [600_000, 4],
  ] as const) {
    await clock.advance(pauseMs - 1);
    expect(posts).toHaveLength(tries - 1);
    await clock.advance(1);
    await eventually(() => desk.state().delivery?.attempts === tries);
  }
  await eventually(() => desk.state().waiting === 0);
  await clock.advance(3_600_000);
  expect([posts.length, log.lines.filter(({ level }) => level === 'warn').length]).toEqual([4, 4]);
  expect(clock.pendingTimers()).toBe(0);
});

it('sends one when asked to, and says what went wrong', async () => {
  const { desk, posts } = openDesk(['unreachable']);
  const { signal } = new AbortController();
  expect((await thrownBy(() => desk.test(signal))).code).toBe('app.not-found');
  desk.setHook(hostActor, hook);
  expect(await desk.test(signal)).toMatchObject({ attempts: 1, problem: 'Nobody is there.' });
  expect(posts[0]?.body).toMatchObject({ type: 'alert.test' });
});

it('writes who changed the address into the audit log, without what may be a secret of it', () => {
  const { desk, storage } = openDesk();
  desk.setHook(hostActor, hook);
  desk.setHook(hostActor, null);
  const lines = storage.audit.list(2);
  expect(lines.map(({ action, subject }) => [action, subject])).toEqual([
    ['alerts.removed', 'nowhere'],
    ['alerts.set', 'hooks.example'],
  ]);
  expect(JSON.stringify(lines)).not.toContain('secret');
  expect(desk.state().hook).toBeNull();
});

it('ends what is under way with its host', async () => {
  const { desk, clock, log } = openDesk([503]);
  desk.setHook(hostActor, hook);
  desk.hear(reached);
  await eventually(() => desk.state().delivery !== null);
  desk[Symbol.dispose]();
  await eventually(() => clock.pendingTimers() === 0);
  expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

it('sends nothing more to an address that was taken back, and what waits to the one that took its place', async () => {
  const { desk, posts, clock } = openDesk([503, 503]);
  desk.setHook(hostActor, hook);
  desk.hear(reached);
  await eventually(() => desk.state().delivery !== null);
  const next = { url: 'https://other.example/hook', allowsPrivate: false };
  desk.setHook(hostActor, next);
  await clock.advance(5000);
  await eventually(() => desk.state().delivery?.attempts === 2);
  expect(posts.map(({ url }) => url)).toEqual([hook.url, next.url]);
  desk.setHook(hostActor, null);
  await clock.advance(60_000);
  await eventually(() => desk.state().waiting === 0);
  expect([posts.length, clock.pendingTimers()]).toEqual([2, 0]);
});

it('takes no address with a name or a password in it, which would be refused when it is asked', () => {
  const taken = (url: string): boolean => alertHookSchema.safeParse({ url }).success;
  expect([taken('https://a:b@hooks.example/'), taken('https://a@hooks.example/'), taken(hook.url)]).toEqual([
    false,
    false,
    true,
  ]);
});

it('takes a redirect that was not followed for not taken', async () => {
  const { desk } = openDesk([302, 204]);
  desk.setHook(hostActor, hook);
  const { signal } = new AbortController();
  expect((await desk.test(signal)).problem).toBe('It was answered with status 302.');
  expect((await desk.test(signal)).problem).toBeNull();
});

it('says of requests that they are refused only where they are: all is used of a budget that is no mere word', () => {
  const text = (percent: number, isEnforced: boolean): string | undefined =>
    alertOf({ ...reached, percent, budget: { ...reached.budget, isEnforced } }, 0)?.text;
  expect(
    [text(100, true), text(80, true), text(100, false)].map((each) => each?.includes('refused')),
  ).toEqual([true, false, false]);
});
