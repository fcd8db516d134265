import { expect, it } from 'vitest';
import { createEventLog, type EventLog } from '../../../electron/app/events.ts';
import { openStorage, type Storage } from '../../../electron/storage/index.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
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

/** Asks of the store: each wake-up of a watcher asks it once or more. */
const countAsks = (storage: Storage) => {
  let asks = 0;
  const store = {
    ...storage.events,
    after: (seq: number, limit: number) => {
      asks += 1;
      return storage.events.after(seq, limit);
    },
  };
  return { store, asks: () => asks };
};

it.each([
  ['its signal aborts', (abort: AbortController, _log: EventLog) => abort.abort()],
  ['the log ends', (_abort: AbortController, log: EventLog) => log[Symbol.dispose]()],
] as const)('ends a waiting watch when %s, and lets go of it', async (_what, end) => {
  using storage = openStorage(':memory:');
  const { store, asks } = countAsks(storage);
  const log = createEventLog(store, createFakeClock());
  const abort = new AbortController();
  const watching = take(log.watch(undefined, abort.signal), 1);
  end(abort, log);

  expect(await watching).toEqual([]);
  const before = asks();
  log.publish({ type: 'bench.noted', runId: 'r', text: 'unheard' });
  await Promise.resolve();
  expect(asks()).toBe(before);
});

it('drops what is published after its end: the database may be closed', () => {
  const storage = openStorage(':memory:');
  const log = createEventLog(storage.events, createFakeClock());
  log[Symbol.dispose]();
  storage[Symbol.dispose]();

  expect(() => log.publish({ type: 'bench.ended', runId: 'r' })).not.toThrow();
});

it('prunes while it runs, not only when it starts', () => {
  using storage = openStorage(':memory:');
  const pruned: number[] = [];
  const store = { ...storage.events, prune: (keep: number) => void pruned.push(keep) };
  const log = createEventLog(store, createFakeClock());
  for (let index = 0; index < 2000; index += 1) log.publish({ type: 'bench.ended', runId: 'r' });

  expect(pruned).toEqual([20_000, 20_000, 20_000]);
});

it('ends every watch with the error where what it waits for could not be stored', async () => {
  using storage = openStorage(':memory:');
  const log = createEventLog(storage.events, createFakeClock());
  log.publish({ type: 'bench.noted', runId: 'r', text: 'stored before' });
  const heard: string[] = [];
  const watching = (async () => {
    for await (const { body } of log.watch(0, undefined)) heard.push(body.type);
  })();
  await Promise.resolve();
  log.breakOff(new AppError('storage.disk-full'));

  await expect(watching).rejects.toMatchObject({ code: 'storage.disk-full' });
  expect(heard).toEqual(['bench.noted']);
});
