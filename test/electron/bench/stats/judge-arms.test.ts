import { describe, expect, it } from 'vitest';
import { lookLevels } from '../../../../electron/bench/stats/alpha-spending.ts';
import { judgeArms, planLooks, type JudgeRules } from '../../../../electron/bench/stats/judge-arms.ts';
import { createSeededRandom } from '../../../../electron/bench/stats/seeded-random.ts';
import { laws, repetitions, shareOf } from '../../../support/simulate.ts';

const speed: JudgeRules = { isHigherBetter: true, floor: null };

/** Measures until the verdict is final, as the bench does; gives the verdict and how many repetitions it took. */
const untilDecided = (a: readonly number[], b: readonly number[], rules: JudgeRules) => {
  for (const { n } of rules.looks ?? []) {
    const judged = judgeArms(a.slice(0, n), b.slice(0, n), rules);
    if (judged?.isFinal === true) return { ...judged, took: n };
  }
  throw new Error('the last look must be final');
};

describe('levels of repeated looks', () => {
  // two-sided boundaries for five equal looks, one-sided 0.025 each way: Lan and DeMets 1983; Jennison and Turnbull 2000
  const tailArea = (z: number): number => {
    // Abramowitz and Stegun 26.2.17
    const t = 1 / (1 + 0.2316419 * z);
    const poly =
      t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return (2 * poly * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
  };
  const fifths = [0.2, 0.4, 0.6, 0.8, 1];

  it("meet the published boundaries of Pocock's spending", () => {
    const levels = lookLevels(fifths, 0.05, (t, alpha) => alpha * Math.log(1 + (Math.E - 1) * t));
    const published = [2.438, 2.4268, 2.4101, 2.3966, 2.3859].map(tailArea);
    for (const [index, level] of levels.entries()) expect(level).toBeCloseTo(published[index] ?? 0, 5);
  });

  it("meet the published boundaries of O'Brien and Fleming's spending", () => {
    const levels = lookLevels(fifths, 0.05, (t) => 2 * tailArea(2.2414027 / Math.sqrt(t)));
    const published = [4.8769, 3.357, 2.6803, 2.2898, 2.031].map(tailArea);
    for (const [index, level] of levels.entries()) expect(level).toBeCloseTo(published[index] ?? 0, 5);
  });

  it('are looked at after even rounds, the first where complete separation is enough', () => {
    const looks = planLooks(20);
    expect(looks.map((look) => look.n)).toEqual([6, 8, 10, 12, 16, 20]);
    expect(looks[0]?.level).toBeCloseTo(0.0045, 6); // 0.05 · 0.3², above 2 / C(12, 6) = 0.0022
    expect(planLooks(5)).toEqual([{ n: 5, level: expect.closeTo(0.05, 6) as number }]);
  });
});

describe('the verdict on two arms', () => {
  it('names the direction by what is better', () => {
    const fast = [60, 61, 62, 61];
    const slow = [30, 31, 30, 31];
    expect(judgeArms(fast, slow, speed)).toMatchObject({
      verdict: 'better',
      reason: 'difference',
      n: [4, 4],
    });
    expect(judgeArms(slow, fast, speed)?.verdict).toBe('worse');
    expect(judgeArms(fast, slow, { ...speed, isHigherBetter: false })?.verdict).toBe('worse');
  });

  it('calls a difference under the noise floor not distinguishable, whatever the test says', () => {
    const a = [101, 101.1, 101.2, 100.9, 101.05, 101.15];
    const b = [100, 100.1, 100.2, 99.9, 100.05, 100.15];
    expect(judgeArms(a, b, speed)).toMatchObject({ verdict: 'better', reason: 'difference' });
    expect(judgeArms(a, b, { ...speed, floor: 0.02 })).toMatchObject({
      verdict: 'not-distinguishable',
      reason: 'below-floor',
    });
  });

  it('claims nothing where the test rejects but the interval of the ratio still holds 1', () => {
    const judged = judgeArms([113, 109, 107, 106, 110, 110], [108, 103, 105, 108, 106, 105], speed);
    expect(judged).toMatchObject({ verdict: 'not-distinguishable', reason: 'overlap' });
    expect(judged?.p).toBeLessThan(0.05);
    expect(judged?.medians.ratio.low).toBe(1);
  });

  it('says why nothing can be told', () => {
    expect(judgeArms([60, 61, 62], [30, 31, 30], speed)).toMatchObject({ reason: 'too-few', p: null });
    expect(judgeArms([60, 61, 59, 62], [60.5, 59.5, 61.5, 60], speed)).toMatchObject({ reason: 'overlap' });
    expect(judgeArms([], [1, 2, 3, 4], speed)).toBeNull();
  });
});

describe('a run until decided', () => {
  const rules: JudgeRules = { ...speed, looks: planLooks(20), smallestDifference: 0.01 };

  it('stops at the first look on a plain difference', () => {
    const random = createSeededRandom(1);
    const decided = untilDecided(repetitions(random, 20, 120), repetitions(random, 20, 100), rules);
    expect(decided).toMatchObject({ verdict: 'better', took: 6, n: [6, 6] });
    expect(decided.medians.ratio.low).toBeGreaterThan(1);
    expect(decided.confidence).toBeCloseTo(0.9955, 4);
  });

  it('keeps its verdict when more is measured for another metric', () => {
    const random = createSeededRandom(1);
    const [a, b] = [repetitions(random, 20, 120), repetitions(random, 20, 100)];
    const { took: _took, ...decided } = untilDecided(a, b, rules);
    expect(judgeArms(a, b, rules)).toEqual(decided);
  });

  it('goes on for a small difference and finds it', () => {
    const random = createSeededRandom(5);
    const decided = untilDecided(repetitions(random, 20, 102.4), repetitions(random, 20, 100), rules);
    expect(decided).toMatchObject({ verdict: 'better' });
    expect(decided.took).toBeGreaterThan(6);
  });

  it('stops early when the interval shows that nothing worth finding is there', () => {
    const random = createSeededRandom(2);
    const decided = untilDecided(
      repetitions(random, 20, 100, 0.001),
      repetitions(random, 20, 100, 0.001),
      rules,
    );
    expect(decided).toMatchObject({ verdict: 'not-distinguishable', reason: 'equal', took: 6 });
  });
});

describe('equal arms', () => {
  const trials = 2000;

  it.each([4, 5, 8])('of %i repetitions are told apart in at most 5 of 100 comparisons', (n) => {
    const random = createSeededRandom(100 + n);
    const claimed = shareOf(trials, () => {
      const [a, b] = [repetitions(random, n, 100), repetitions(random, n, 100)];
      return judgeArms(a, b, { ...speed, resamples: 200 })?.verdict !== 'not-distinguishable';
    });
    expect(claimed).toBeLessThanOrEqual(0.05);
  });

  it.each(['normal', 'lognormal'] as const)(
    'are told apart in at most 5 of 100 comparisons although each look may end the run (%s noise)',
    (name) => {
      const looks = planLooks(20);
      const law = laws(createSeededRandom(42))[name];
      const arm = () => Array.from({ length: 20 }, () => 100 + law.draw());
      const claimed = shareOf(trials, () => {
        const rules = { ...speed, looks, smallestDifference: 0.001, resamples: 100 };
        // the verdict of all 20 is the one the run would have stopped with: see "keeps its verdict"
        return judgeArms(arm(), arm(), rules)?.verdict !== 'not-distinguishable';
      });
      expect(claimed).toBeLessThanOrEqual(0.05);
      expect(claimed).toBeGreaterThan(0.01); // a procedure that never claims would pass, too
    },
  );

  it('would be told apart far more often if each look tested at 0.05', () => {
    const naive = planLooks(20).map(({ n }) => ({ n, level: 0.05 }));
    const random = createSeededRandom(9);
    const claimed = shareOf(600, () => {
      const rules = { ...speed, looks: naive, resamples: 100 };
      const [a, b] = [repetitions(random, 20, 100), repetitions(random, 20, 100)];
      return judgeArms(a, b, rules)?.verdict !== 'not-distinguishable';
    });
    expect(claimed).toBeGreaterThan(0.08);
  });
});
