import { expect, it } from 'vitest';
import { createEventLog } from '../../../electron/app/events.ts';
import { openStorage } from '../../../electron/storage/index.ts';
import type { AppEvent } from '../../../shared/events/events.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const take = async (events: AsyncGenerator<AppEvent>, count: number): Promise<readonly string[]> => {
  const texts: string[] = [];
  for await (const { body } of events) {
    if (body.type === 'bench.noted') texts.push(body.text);
    if (texts.length === count) break;
  }
  return texts;
};

it('gives a watcher the stored events after its number and then the live ones, without a gap', async () => {
  using storage = openStorage(':memory:');
  const log = createEventLog(storage.events, createFakeClock());
  const note = (text: string) => log.publish({ type: 'bench.noted', runId: 'r', text });
  note('before');
  const seq = log.lastSeq();
  note('one');
  const watching = take(log.watch(seq, undefined), 4);
  note('two');
  await Promise.resolve();
  note('three');
  note('four');

  expect(await watching).toEqual(['one', 'two', 'three', 'four']);
});

it('starts with new events only when no number is given', async () => {
  using storage = openStorage(':memory:');
  const log = createEventLog(storage.events, createFakeClock());
  log.publish({ type: 'bench.noted', runId: 'r', text: 'old' });
  const watching = take(log.watch(undefined, undefined), 1);
  await Promise.resolve();
  log.publish({ type: 'bench.noted', runId: 'r', text: 'new' });

  expect(await watching).toEqual(['new']);
});

it('ends the watch when its signal aborts, and lets go of its listener', async () => {
  using storage = openStorage(':memory:');
  const log = createEventLog(storage.events, createFakeClock());
  const abort = new AbortController();
  const watching = take(log.watch(undefined, abort.signal), 1);
  abort.abort();

  expect(await watching).toEqual([]);
});
