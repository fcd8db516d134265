import { expect, it } from 'vitest';
import { createRequestTable } from '../../../electron/gateway/request-table.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const openRecord = () => {
  const clock = createFakeClock();
  const table = createRequestTable({ clock, onChange: () => undefined });
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
