import { expect, it } from 'vitest';
import { createEventQueue } from '../../../electron/engine/event-queue.ts';

const open = () => {
  let stops = 0;
  const queue = createEventQueue<string>(() => (stops += 1));
  return { queue, stops: () => stops };
};
const readUntil = async (queue: AsyncIterable<string>, last?: string): Promise<readonly string[]> => {
  const read: string[] = [];
  for await (const value of queue) {
    read.push(value);
    if (value === last) break;
  }
  return read;
};

it('gives what was pushed in order, also what came before somebody read', async () => {
  const { queue, stops } = open();
  queue.push('a');
  const reading = readUntil(queue);
  queue.push('b');
  queue.end();
  queue.push('too late');
  expect([await reading, stops()]).toEqual([['a', 'b'], 0]);
});

it('tells that its reader stops while there may be more', async () => {
  const { queue, stops } = open();
  queue.push('a');
  expect([await readUntil(queue, 'a'), stops()]).toEqual([['a'], 1]);
});

it('does not tell it once all has come, where the reader knows the last value', async () => {
  const { queue, stops } = open();
  queue.push('a');
  queue.push('last');
  queue.end();
  expect([await readUntil(queue, 'last'), stops()]).toEqual([['a', 'last'], 0]);
});

it('gives what came before a failure, then the failure', async () => {
  const { queue, stops } = open();
  queue.push('a');
  queue.fail(new TypeError('broken'));
  const read: string[] = [];
  await expect(
    (async () => {
      for await (const value of queue) read.push(value);
    })(),
  ).rejects.toThrow('broken');
  expect([read, stops()]).toEqual([['a'], 0]);
});
