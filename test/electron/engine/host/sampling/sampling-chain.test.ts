import { describe, expect, it } from 'vitest';
import { drawFrom, keptWindow } from '../../../../../electron/engine/host/sampling/sampling-chain.ts';
import { headWindow, typicalWindow } from '../../../../../electron/engine/host/sampling/typical-window.ts';
import { seededNumbers } from '../../../../../electron/engine/host/seeded-numbers.ts';

const logitsOf = (...probabilities: readonly number[]): Float64Array =>
  Float64Array.from(probabilities, (probability) => Math.log(probability) + 3); // softmax forgets the constant

/**
 * In units of ln 2 the surprises are 1, 2, 3, 3 and the entropy is 0.5·1 + 0.25·2 + 2·0.125·3 = 1.75, so the distances are
 * 0.75, 0.25, 1.25, 1.25: the second comes first, then the likeliest.
 */
const halves = logitsOf(0.5, 0.25, 0.125, 0.125);

describe('the locally typical candidates', () => {
  it.each([
    [0, { from: 1, to: 2 }],
    [0.2, { from: 1, to: 2 }],
    [0.26, { from: 0, to: 2 }],
    [0.74, { from: 0, to: 2 }],
    [0.76, { from: 0, to: 3 }],
    [0.88, { from: 0, to: 4 }],
    [1, { from: 0, to: 4 }],
  ])('of mass %f are those nearest to the entropy, worked by hand', (typicalP, window) => {
    expect(typicalWindow(halves, typicalP)).toEqual(window);
  });

  it('leave out the likeliest where it is too sure: p = 0.9 and ten of 0.01', () => {
    // H = 0.9·0.10536 + 10·0.01·4.60517 = 0.55534; distances 0.44998 and 4.04983
    const peaked = logitsOf(0.9, ...Array.from({ length: 10 }, () => 0.01));
    expect(typicalWindow(peaked, 0.5)).toEqual({ from: 0, to: 1 });
    // H = 0.3·1.20397 + 7·0.1·2.30259 = 1.97300; distances 0.76903 and 0.32958
    const flatter = logitsOf(0.3, ...Array.from({ length: 7 }, () => 0.1));
    expect(typicalWindow(flatter, 0.65)).toEqual({ from: 1, to: 8 });
  });

  it('of one candidate, and of equal ones, are found without a division by zero', () => {
    expect(typicalWindow(logitsOf(1), 0.5)).toEqual({ from: 0, to: 1 });
    const equal = typicalWindow(logitsOf(0.25, 0.25, 0.25, 0.25), 0.6);
    expect(equal.to - equal.from).toBe(3);
  });

  it('are those that sorting by distance gives, whatever the distribution', () => {
    const next = seededNumbers(7);
    for (let round = 0; round < 200; round += 1) {
      const size = 2 + (next() % 40);
      const logits = Float64Array.from({ length: size }, () => (next() % 1000) / 150).sort((a, b) => b - a);
      const typicalP = (next() % 100) / 100;
      const weights = Array.from(logits, (logit) => Math.exp(logit));
      const sum = weights.reduce((total, weight) => total + weight, 0);
      const shares = weights.map((weight) => weight / sum);
      const entropy = -shares.reduce((total, share) => total + share * Math.log(share), 0);
      const byDistance = shares
        .map((share) => ({ share, distance: Math.abs(-Math.log(share) - entropy) }))
        .toSorted((a, b) => a.distance - b.distance);
      let mass = 0;
      let kept = 0;
      for (; kept < size && mass <= typicalP; kept += 1) mass += byDistance[kept]?.share ?? 0;
      const { from, to } = typicalWindow(logits, typicalP);
      const massOfWindow = shares.slice(from, to).reduce((total, share) => total + share, 0);
      expect(to - from).toBe(kept);
      expect(massOfWindow).toBeCloseTo(mass, 9);
    }
  });
});

describe('the typical candidates of a large vocabulary', () => {
  /** A vocabulary whose logits fall by `slope` from one token to the next, with some scatter. */
  const vocabulary = (size: number, slope: number, seed: number): Float64Array => {
    const next = seededNumbers(seed);
    const logits = Float64Array.from({ length: size }, (_, index) => -slope * index + (next() % 1000) / 300);
    return logits.sort((a, b) => b - a);
  };
  const weightOf = (logits: Float64Array): number =>
    logits.reduce((sum, logit) => sum + Math.exp(logit - (logits[0] ?? 0)), 0);

  it('are those of the whole one wherever the likeliest alone decide', () => {
    const found = { decided: 0, undecided: 0 };
    for (let seed = 1; seed <= 300; seed += 1) {
      const logits = vocabulary(400, (seed % 30) / 20, seed);
      const head = logits.subarray(0, 32);
      const rest = { weight: weightOf(logits), count: 400 - 32 };
      const typicalP = (seed % 97) / 100;
      const window = headWindow(head, rest, typicalP);
      if (window === undefined) found.undecided += 1;
      else {
        found.decided += 1;
        expect(window).toEqual(typicalWindow(logits, typicalP));
      }
    }
    expect(found.decided).toBeGreaterThan(150);
    expect(found.undecided).toBeGreaterThan(10);
  });

  it('are not decided where the others might be nearer to the entropy, or have much of the mass', () => {
    const flat = new Float64Array(1000);
    expect(headWindow(flat.subarray(0, 32), { weight: 1000, count: 968 }, 0.5)).toBeUndefined();
  });
});

describe('the chain after top-k', () => {
  it('cuts in llama.cpp’s order: typical, then top-p and min-p of what it left', () => {
    const cuts = { typicalP: 0.26, topP: 1, minP: 0 };
    const kept = ({ typicalP, ...others }: typeof cuts) =>
      keptWindow(halves, typicalWindow(halves, typicalP), others);
    expect(kept(cuts)).toEqual({ from: 0, to: 2 });
    // of 0.5 and 0.25 alone the first has two thirds: of all four it would have only half
    expect(kept({ ...cuts, topP: 0.66 })).toEqual({ from: 0, to: 1 });
    expect(kept({ ...cuts, typicalP: 1, topP: 0.66 })).toEqual({ from: 0, to: 2 });
    expect(kept({ ...cuts, minP: 0.51 })).toEqual({ from: 0, to: 1 });
    expect(kept({ ...cuts, minP: 0.49 })).toEqual({ from: 0, to: 2 });
    // the largest probability is the second one's once the first is gone
    expect(kept({ typicalP: 0.2, topP: 0.1, minP: 1 })).toEqual({ from: 1, to: 2 });
  });

  it('draws by the probabilities of the window at a temperature', () => {
    const window = { from: 0, to: 3 }; // 0.5, 0.25, 0.125: of 0.875 each 4/7, 2/7, 1/7
    expect([0, 0.57, 0.58, 0.857, 0.858, 0.999_999].map((u) => drawFrom(halves, window, 1, u))).toEqual([
      0, 0, 1, 1, 2, 2,
    ]);
    // at temperature 0.5 the weights are squared: 16/21, 4/21, 1/21
    expect([0.76, 0.77, 0.951, 0.953].map((u) => drawFrom(halves, window, 0.5, u))).toEqual([0, 1, 1, 2]);
  });

  it('takes the likeliest of the window at temperature 0', () => {
    expect(drawFrom(halves, { from: 1, to: 4 }, 0, 0.99)).toBe(1);
  });

  it('draws as often as the probabilities say, the same way for a seed', () => {
    const draws = (seed: number): readonly number[] => {
      const next = seededNumbers(seed);
      return Array.from({ length: 7000 }, () => drawFrom(halves, { from: 0, to: 3 }, 1, next() / 2 ** 32));
    };
    const counts = [0, 1, 2].map((index) => draws(3).filter((drawn) => drawn === index).length);
    // 4000, 2000, 1000 expected; the standard deviations are 41, 38 and 29
    expect(counts.map((count) => Math.round(count / 200))).toEqual([20, 10, 5]);
    expect(draws(3)).toEqual(draws(3));
    expect(draws(3)).not.toEqual(draws(4));
  });
});
