import { expect, test } from 'vitest';
import {
  klDivergence,
  klLowerBound,
  readBaseRow,
  readRow,
  topTokens,
} from '../../../../electron/engine/scoring/divergence.ts';
import { createSeededRandom } from '../../../../electron/bench/stats/seeded-random.ts';

const rowOf = (probabilities: readonly number[], shift = 0): Float32Array =>
  Float32Array.from(probabilities, (p) => Math.log(p) + shift);

const randomRow = (random: () => number, size = 200): Float32Array =>
  Float32Array.from({ length: size }, () => 12 * random() ** 3);

const exactKl = (base: Float32Array, candidate: Float32Array): number =>
  klDivergence(readBaseRow(base, new Float64Array(base.length)), candidate, readRow(candidate).logSum);

test('the divergence is that of the definition, whatever constant is added to the logits', () => {
  const p = [0.5, 0.25, 0.125, 0.125];
  const q = [0.25, 0.25, 0.25, 0.25];
  const definition = p.reduce((sum, each, index) => sum + each * Math.log(each / (q[index] ?? 1)), 0);
  expect(exactKl(rowOf(p, 7), rowOf(q, -3))).toBeCloseTo(definition, 6);
});

test('equal rows diverge by nothing, and a token the base excludes adds nothing', () => {
  const row = rowOf([0.7, 0.2, 0.1]);
  expect(exactKl(row, row)).toBe(0);
  const excluding = Float32Array.of(Math.log(0.5), Math.log(0.5), -Infinity);
  expect(exactKl(excluding, rowOf([0.5, 0.25, 0.25]))).toBeCloseTo(0.5 * Math.log(2), 6);
});

test('a row that holds NaN has no finite normaliser', () => {
  expect(readRow(Float32Array.of(1, NaN, 2)).logSum).toBeNaN();
});

test('logits of a thousand neither overflow nor lose their digits', () => {
  const { logSum, top } = readRow(Float32Array.of(1000, 999, 0));
  expect(top).toBe(0);
  expect(logSum).toBeCloseTo(1000 + Math.log1p(Math.exp(-1)), 9);
});

test('the top tokens come largest first, and with the tail they hold all probability', () => {
  const row = randomRow(createSeededRandom(3));
  const { logSum } = readRow(row);
  const { ids, logProbs, tail } = topTokens(row, logSum, 10);
  const expected = [...row.entries()].sort((a, b) => b[1] - a[1]).slice(0, 10);
  expect([...ids]).toEqual(expected.map(([id]) => id));
  const held = logProbs.reduce((sum, logProb) => sum + Math.exp(logProb), 0);
  expect(held + tail).toBeCloseTo(1, 6);
});

test('equal logits at the edge of the top are counted once, inside or outside', () => {
  const row = new Float32Array(8);
  const { ids, tail } = topTokens(row, readRow(row).logSum, 3);
  expect([...ids]).toEqual([0, 1, 2]);
  expect(tail).toBeCloseTo(5 / 8, 6);
});

test('the bound never exceeds the divergence, grows with the tokens kept, and is exact when all are kept', () => {
  const random = createSeededRandom(11);
  for (let round = 0; round < 50; round += 1) {
    const base = randomRow(random);
    const candidate = base.map((logit) => logit + random() - 0.5);
    const { logSum } = readRow(base);
    const own = readRow(candidate).logSum;
    const exact = exactKl(base, candidate);
    const bounds = [1, 8, 64, base.length].map((count) =>
      klLowerBound(topTokens(base, logSum, count), candidate, own),
    );
    for (const [index, bound] of bounds.entries()) {
      expect(bound).toBeLessThanOrEqual(exact + 1e-6);
      expect(bound).toBeGreaterThanOrEqual((bounds[index - 1] ?? 0) - 1e-6);
    }
    expect(bounds.at(-1)).toBeCloseTo(exact, 5);
  }
});
