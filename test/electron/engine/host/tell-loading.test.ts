import { expect, test } from 'vitest';
import { tellLoading } from '../../../../electron/engine/host/tell-loading.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';

test('the memory of a load is told on while the context is taken, and no more once it ended', async () => {
  const clock = createFakeClock();
  const told: (readonly [number, number])[] = [];
  const context = Promise.withResolvers<undefined>();
  let residentBytes = 10;
  const loading = tellLoading({
    clock,
    residentBytes: () => residentBytes,
    tell: (...news) => told.push(news),
    load: async (onProgress) => {
      onProgress(1);
      await context.promise;
      return 'loaded';
    },
  });
  residentBytes = 30;
  await clock.advance(100);
  residentBytes = 50;
  await clock.advance(100);
  context.resolve(undefined);
  expect(await loading).toBe('loaded');
  await clock.advance(1000);
  expect(told).toEqual([
    [1, 10],
    [1, 30],
    [1, 50],
  ]);
});

test('a load that fails stops the telling', async () => {
  const clock = createFakeClock();
  let told = 0;
  const loading = tellLoading({
    clock,
    residentBytes: () => 1,
    tell: () => (told += 1),
    load: () => Promise.reject(new Error('no room')),
  });
  await expect(loading).rejects.toThrow('no room');
  await clock.advance(1000);
  expect(told).toBe(0);
});
