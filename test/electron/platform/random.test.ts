import { expect, it } from 'vitest';
import { createNodeRandom } from '../../../electron/platform/node/random.ts';

it('draws different bytes each time, of the length that is asked for, also past what is drawn ahead', () => {
  const random = createNodeRandom();
  const draws = Array.from({ length: 1000 }, () => random.bytes(16));
  expect(new Set(draws.map((bytes) => bytes.join())).size).toBe(1000);
  expect([0, 1, 255, 256, 257, 10_000].map((length) => random.bytes(length).length)).toEqual([
    0, 1, 255, 256, 257, 10_000,
  ]);
});

it('gives bytes that are the caller’s own: a later draw does not change them', () => {
  const random = createNodeRandom();
  const secret = random.bytes(32);
  const kept = Array.from(secret);
  for (let draw = 0; draw < 1000; draw += 1) random.bytes(32);
  expect(Array.from(secret)).toEqual(kept);
  expect(kept.some((byte) => byte !== 0)).toBe(true);
});

it('makes ids that sort by their time and do not meet', () => {
  const random = createNodeRandom();
  const ids = Array.from({ length: 5000 }, () => random.id('req'));
  expect(new Set(ids).size).toBe(5000);
  expect(ids.every((id) => /^req_[0-9a-z]{8,}$/u.test(id))).toBe(true);
  const times = ids.map((id) => id.slice('req_'.length, -10));
  expect(times.toSorted()).toEqual(times);
});
