import { expect, it } from 'vitest';
import { withModelLimits } from '../../../electron/cli/commands/limit-key.ts';
import { noLimits } from '../../../shared/contract/limits.ts';

const ten = { ...noLimits, requestsPerMinute: 10 };
const two = { ...noLimits, concurrency: 2 };

it('replaces the limits for one model, and leaves those for the others', () => {
  expect(withModelLimits({ a: ten, b: ten }, 'a', two)).toEqual({ a: two, b: ten });
  expect(withModelLimits({}, 'a', two)).toEqual({ a: two });
});

it('forgets a model without limits', () => {
  expect(withModelLimits({ a: ten, b: ten }, 'a', noLimits)).toEqual({ b: ten });
});
