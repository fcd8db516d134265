import { array, assert, constantFrom, double, integer, option, property, record } from 'fast-check';
import { expect, it } from 'vitest';
import { shareEnergy, type WorkInStretch } from '../../../../electron/gateway/usage/share-energy.ts';
import type { StepTotals } from '../../../../shared/contract/engine-steps.ts';

const work = (requestId: string, given: Partial<WorkInStretch> = {}): WorkInStretch => ({
  requestId,
  model: 'demo',
  fromMs: 0,
  firstTokenMs: 0,
  toMs: null,
  prefillTokens: 5,
  prefilled: 0,
  decoded: 1,
  ...given,
});
const stretch = { fromMs: 1000, toMs: 2000, joules: 100 };
const noSteps = (): StepTotals => ({ prefillMs: 0, decodeMs: 0, prefilled: 0 });
const share = (works: readonly WorkInStretch[], stepsOf: (model: string) => StepTotals = noSteps) => {
  const { shares, idleJoules } = shareEnergy(stretch, works, stepsOf);
  return { ...Object.fromEntries(shares), idle: idleJoules };
};

it('gives the whole of a stretch to the request that ran in all of it, and none to who came or went outside', () => {
  const works = [work('a'), work('gone', { toMs: 1000 }), work('later', { fromMs: 2000 })];
  expect(share(works)).toEqual({ a: 100, idle: 0 });
});

it('keeps as idle what was drawn while nobody ran', () => {
  // 1000 to 1200 and 1500 to 1700: 400 ms of 1000
  const works = [work('a', { toMs: 1200 }), work('b', { fromMs: 1500, toMs: 1700 })];
  expect(share(works)).toEqual({ a: 20, b: 20, idle: 60 });
  expect(share([])).toEqual({ idle: 100 });
});

it('counts a time in which two ran once, and shares it by their time where no step was told', () => {
  // busy from 1000 to 1600: 60 J; in it a ran 600 ms, b 200 ms
  const works = [work('a', { toMs: 1600 }), work('b', { fromMs: 1200, toMs: 1400 })];
  expect(share(works)).toEqual({ a: 45, b: 15, idle: 40 });
});

it('shares the part of decode and that of prefill by tokens, or by the time in prefill where none is known', () => {
  // 75 J of prefill to c alone, which has no token yet; 25 J of decode to a and b as 4 to 1
  const steps = (): StepTotals => ({ prefillMs: 600, decodeMs: 200, prefilled: 0 });
  const works = [
    work('a', { decoded: 4 }),
    work('b'),
    work('c', { fromMs: 1100, firstTokenMs: null, decoded: 0 }),
  ];
  expect(share(works, steps)).toEqual({ a: 20, b: 5, c: 75, idle: 0 });
  // d took in twice as much of its prompt as c, and has waited as long
  const [a, b, c] = works;
  if (a === undefined || b === undefined || c === undefined) throw new TypeError('no works');
  const prompts = [a, b, { ...c, prefilled: 25 }, { ...c, requestId: 'd', prefilled: 50 }];
  expect(share(prompts, steps)).toEqual({ a: 20, b: 5, c: 25, d: 50, idle: 0 });
});

it('shares by time in the engine what nobody claims', () => {
  // decode was told, and no token came here yet
  const works = [work('a', { decoded: 0, toMs: 1500 }), work('b', { decoded: 0 })];
  const { a, b, idle } = { ...share(works, () => ({ prefillMs: 0, decodeMs: 900, prefilled: 0 })) } as Record<
    string,
    number
  >;
  expect(a).toBeCloseTo(100 / 3, 10);
  expect(b).toBeCloseTo(200 / 3, 10);
  expect(idle).toBe(0);
});

it('gives embeddings, which run in no steps, the time that steps left of theirs', () => {
  // a decoded for 700 ms of the second; the embedding was there for its last 400 ms, 300 of them not spent on steps
  const works = [work('a'), work('embedding', { prefillTokens: null, fromMs: 1600, decoded: 0 })];
  expect(share(works, () => ({ prefillMs: 0, decodeMs: 700, prefilled: 0 }))).toEqual({
    a: 70,
    embedding: 30,
    idle: 0,
  });
  expect(share([work('embedding', { prefillTokens: null, toMs: 1500 })])).toEqual({
    embedding: 50,
    idle: 50,
  });
});

it('shares between models by the time of their engines', () => {
  const steps = (model: string): StepTotals => ({
    prefillMs: 0,
    decodeMs: model === 'large' ? 900 : 300,
    prefilled: 0,
  });
  const works = [work('a', { model: 'large' }), work('b', { model: 'small', decoded: 50 })];
  expect(share(works, steps)).toEqual({ a: 75, b: 25, idle: 0 });
});

it('neither makes nor loses energy, whoever ran when', () => {
  const ms = integer({ min: 0, max: 3000 });
  const one = record({
    model: constantFrom('a', 'b'),
    prefillTokens: constantFrom(null, 5),
    fromMs: ms,
    prefillMs: ms,
    decodeMs: option(ms, { nil: null }),
    prefilled: integer({ min: 0, max: 500 }),
    decoded: integer({ min: 0, max: 500 }),
  });
  const steps = record({ prefillMs: ms, decodeMs: ms, prefilled: ms });
  const keeps = property(
    array(one, { maxLength: 12 }),
    steps,
    steps,
    double({ min: 0.001, max: 5000, noNaN: true }),
    (given, a, b, joules) => {
      const works = given.map(({ prefillMs, decodeMs, ...each }, index) =>
        work(`r${index}`, {
          ...each,
          firstTokenMs: each.fromMs + prefillMs,
          toMs: decodeMs === null ? null : each.fromMs + prefillMs + decodeMs,
        }),
      );
      const { shares, idleJoules } = shareEnergy({ ...stretch, joules }, works, (model) =>
        model === 'a' ? a : b,
      );
      const all = [...shares.values(), idleJoules];
      expect(all.every((each) => each >= -1e-9)).toBe(true);
      expect(all.reduce((sum, each) => sum + each, 0) / joules).toBeCloseTo(1, 9);
    },
  );
  assert(keeps, { numRuns: 300, seed: 4 });
});
