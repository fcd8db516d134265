import { expect, test } from 'vitest';
import { planGroups } from '../../../../electron/bench/quality/memory-groups.ts';

test('candidates share a group while memory takes them twice beside the base', () => {
  expect(planGroups(16, [8, 6, 5, 4], 60)).toEqual([[0, 1, 2], [3]]);
});

test('where not even one fits, each is read alone', () => {
  expect(planGroups(16, [8, 6], 20)).toEqual([[0], [1]]);
});
