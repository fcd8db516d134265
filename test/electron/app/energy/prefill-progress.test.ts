import { expect, it } from 'vitest';
import { prefilledIn } from '../../../../electron/app/energy/prefill-progress.ts';
import type { EngineWork } from '../../../../electron/gateway/index.ts';

const work = (given: Partial<EngineWork> = {}): EngineWork => ({
  requestId: 'r',
  model: 'demo',
  fromMs: 0,
  prefillTokens: 400,
  firstTokenMs: null,
  toMs: null,
  outputTokens: 0,
  ...given,
});
const first = { fromMs: 0, toMs: 1000 };
const second = { fromMs: 1000, toMs: 2000 };

it('gives who has its first token all that was left, and the others the rest of what the steps took in', () => {
  // a is through at 800, b at 1200: the steps took in 600 tokens in the first second, 200 in the next
  const a = work({ firstTokenMs: 800 });
  const b = work({ firstTokenMs: 1200 });
  expect(
    prefilledIn(
      [
        { work: a, before: 0 },
        { work: b, before: 0 },
      ],
      600,
      first,
    ),
  ).toEqual([400, 200]);
  expect(
    prefilledIn(
      [
        { work: a, before: 400 },
        { work: b, before: 200 },
      ],
      200,
      second,
    ),
  ).toEqual([0, 200]);
});

it('shares by the time in prefill among those who are not through, and never more than their prompts have', () => {
  const [a, b] = [work(), work({ fromMs: 500 })];
  expect(
    prefilledIn(
      [
        { work: a, before: 0 },
        { work: b, before: 0 },
      ],
      300,
      first,
    ),
  ).toEqual([200, 100]);
  expect(
    prefilledIn(
      [
        { work: a, before: 390 },
        { work: b, before: 0 },
      ],
      300,
      first,
    ),
  ).toEqual([10, 100]);
});

it('tells none of whose prompt nothing is known', () => {
  expect(prefilledIn([{ work: work({ prefillTokens: null }), before: 0 }], 0, first)).toEqual([0]);
});
