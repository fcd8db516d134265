import { expect, it } from 'vitest';
import { createStepClock } from '../../../../electron/app/energy/step-clock.ts';
import type { StepTotals } from '../../../../shared/contract/engine-steps.ts';

it('tells what came since it was last asked, and all of a process that was started anew', () => {
  let totals = new Map<string, StepTotals>([['a', { prefillMs: 5, decodeMs: 10, prefilled: 50 }]]);
  const since = createStepClock(() => totals);
  totals = new Map([
    ['a', { prefillMs: 8, decodeMs: 30, prefilled: 80 }],
    ['b', { prefillMs: 1, decodeMs: 2, prefilled: 10 }],
  ]);
  const first = since();
  totals = new Map([['a', { prefillMs: 2, decodeMs: 3, prefilled: 20 }]]);
  const second = since();
  expect([first('a'), first('b'), second('a'), second('b')]).toEqual([
    { prefillMs: 3, decodeMs: 20, prefilled: 30 },
    { prefillMs: 1, decodeMs: 2, prefilled: 10 },
    { prefillMs: 2, decodeMs: 3, prefilled: 20 },
    { prefillMs: 0, decodeMs: 0, prefilled: 0 },
  ]);
});
