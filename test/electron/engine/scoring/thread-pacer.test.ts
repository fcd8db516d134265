import { expect, test } from 'vitest';
import { createThreadPacer } from '../../../../electron/engine/scoring/thread-pacer.ts';

/** Reads windows of the given cost; answers the threads each was read with. */
const readWindows = (
  pacer: ReturnType<typeof createThreadPacer>,
  windows: number,
  costMs: (threads: number) => number,
): number[] =>
  Array.from({ length: windows }, () => {
    const threads = pacer.next();
    pacer.record(threads, costMs(threads));
    return threads;
  });

test('each count is tried on one window after the first, then the fastest is kept', () => {
  const pacer = createThreadPacer(8, false);
  expect(readWindows(pacer, 6, (threads) => 800 / threads)).toEqual([8, 8, 4, 2, 8, 8]);
});

test('a machine whose cores are taken makes it try again and take fewer', () => {
  const pacer = createThreadPacer(2, false);
  readWindows(pacer, 5, (threads) => 100 / threads);
  const contended = (threads: number): number => (threads === 2 ? 900 : 110);
  expect(readWindows(pacer, 5, contended)).toEqual([2, 2, 1, 1, 1]);
});

test('a count the user chose stays, however slow', () => {
  const pacer = createThreadPacer(2, true);
  expect(readWindows(pacer, 4, () => 900)).toEqual([2, 2, 2, 2]);
});
