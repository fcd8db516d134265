import { expect, it } from 'vitest';
import { createRequestTable } from '../../../electron/gateway/request-table.ts';
import type { ServerRequest } from '../../../shared/contract/server.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const openRecord = (onChange: (request: ServerRequest) => void = () => undefined) => {
  const clock = createFakeClock();
  const table = createRequestTable({ clock, onChange });
  const head = { id: 'r', route: '/v1/chat/completions', keyName: 'laptop', arrivedMs: clock.monotonicMs() };
  return { clock, record: table.open(head) };
};

it('tells the speed by when the tokens came', async () => {
  const { clock, record } = openRecord();
  record.started(5, 0);
  record.generated(1);
  for (let token = 0; token < 10; token += 1) {
    await clock.advance(20);
    record.generated(1);
  }
  record.done('stop', {}, 190);
  expect(record.tokensPerSecond()).toBe(50);
});

it('never tells a speed faster than the engine’s, though a late host gets all tokens in a bunch', async () => {
  const { clock, record } = openRecord();
  record.started(5, 0);
  await clock.advance(200);
  for (let token = 0; token < 11; token += 1) record.generated(1);
  expect(record.tokensPerSecond()).toBeNull();
  record.done('stop', {}, 200);
  expect(record.tokensPerSecond()).toBe(50);
});

it('tells what an engine did for it: nothing before it began, and for a kept answer', async () => {
  const { clock, record } = openRecord();
  const arrivedMs = clock.monotonicMs();
  await clock.advance(10);
  expect(record.work()).toBeNull();
  record.queued('demo');
  record.started(12, 4);
  await clock.advance(30);
  record.generated(1);
  const work = { requestId: 'r', model: 'demo', fromMs: arrivedMs + 10, prefillTokens: 8 };
  expect(record.work()).toEqual({ ...work, firstTokenMs: arrivedMs + 40, toMs: null, outputTokens: 1 });
  await clock.advance(5);
  record.done('stop', { outputTokens: 3 });
  expect(record.work()).toMatchObject({ ...work, toMs: arrivedMs + 45, outputTokens: 3 });

  const kept = openRecord().record;
  kept.replayed();
  kept.started(12, 12);
  kept.generated(3);
  expect([kept.work(), kept.cacheTier()]).toEqual([null, 'exact']);
});

it('tells what a saturated server gave up for it while it still waits, and forgets what a refusal undid', () => {
  const told: (readonly [string, ...string[]])[] = [];
  const { record } = openRecord(({ phase, degraded }) => void told.push([phase, ...degraded]));
  record.queued('demo');
  record.degraded('clamp');
  record.degraded('queue');
  record.degraded('refuse');
  expect(told).toEqual([['queued'], ['queued', 'clamp'], ['queued', 'clamp', 'queue'], ['queued', 'refuse']]);
});

it('forgets of a failure what was given up for an answer that never began, and keeps it where one had', () => {
  const fail = (hasBegun: boolean) => {
    const { record } = openRecord();
    for (const step of ['clamp', 'queue'] as const) record.degraded(step);
    if (hasBegun) record.generated(1);
    record.failed(new AppError('gateway.rate-limited'));
    return record.row().degraded;
  };
  expect([fail(false), fail(true)]).toEqual([['queue'], ['clamp', 'queue']]);
});

it('knows work in no steps by its beginning, and tells its tokens at the end', () => {
  const { record } = openRecord();
  record.started(null, 0);
  expect(record.work()?.prefillTokens).toBeNull();
  record.done(null, { promptTokens: 470, outputTokens: 0 });
  expect(record.work()?.prefillTokens).toBeNull();
  expect(record.row()).toMatchObject({ promptTokens: 470, queueMs: 0 });
});
