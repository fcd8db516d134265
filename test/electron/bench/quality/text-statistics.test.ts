import { expect, test } from 'vitest';
import { textStatistics } from '../../../../electron/bench/quality/text-statistics.ts';
import type { WindowValues } from '../../../../electron/bench/quality/window-values.ts';
import { createSeededRandom } from '../../../../electron/bench/stats/seeded-random.ts';

const windowOf = (values: Partial<Record<'nll' | 'nllBase' | 'kld' | 'sameTop', number[]>>): WindowValues => {
  const length = Object.values(values)[0]?.length ?? 0;
  const filled = (own: number[] | undefined): number[] => own ?? Array.from({ length }, () => 0);
  return {
    nll: Float32Array.from(filled(values.nll)),
    nllBase: Float32Array.from(filled(values.nllBase)),
    kld: Float32Array.from(filled(values.kld)),
    sameTop: Uint8Array.from(filled(values.sameTop)),
    capturedMass: 1,
  };
};

test('perplexity is the exponential of the mean over all positions, and the ratio of the two its difference', () => {
  const { ppl, pplBase, logRatio, n } = textStatistics(
    [windowOf({ nll: [1, 2], nllBase: [0.5, 1.5] }), windowOf({ nll: [3, 2], nllBase: [2.5, 1.5] })],
    'exact',
  );
  expect(n).toBe(4);
  expect(ppl.value).toBeCloseTo(Math.exp(2), 6);
  expect(pplBase.value).toBeCloseTo(Math.exp(1.5), 6);
  expect(logRatio.value).toBeCloseTo(0.5, 6);
});

test('the covariance takes what both share out of the error of the ratio', () => {
  const base = [0.1, 2, 0.7, 3.5, 1.1, 0.2];
  const windows = [windowOf({ nll: base.map((value) => value + 0.25), nllBase: base })];
  const { logRatio, ppl, correlation } = textStatistics([...windows, ...windows], 'exact');
  expect(ppl.tokenStandardError).toBeGreaterThan(0.3);
  expect(logRatio.tokenStandardError).toBeCloseTo(0, 6);
  expect(correlation).toBeCloseTo(1, 6);
});

test('windows that differ as wholes make the bootstrap error larger than that of single tokens', () => {
  const windows = [0.1, 0.5, 0.2, 0.9, 0.3, 0.4].map((level) =>
    windowOf({ kld: Array.from({ length: 100 }, () => level) }),
  );
  const { mean } = textStatistics(windows, 'exact').kld;
  expect(mean.value).toBeCloseTo(0.4, 6);
  // √(variance of the levels / 6): 0.26; as 600 single values it would be 0.011
  expect(mean.standardError).toBeGreaterThan(0.08);
  expect(mean.standardError).toBeLessThan(0.13);
  expect(mean.tokenStandardError).toBeLessThan(0.012);
});

test('percentiles, agreement and the change of the correct token’s probability are over all positions', () => {
  const random = createSeededRandom(5);
  const kld = Array.from({ length: 1001 }, (_, index) => index / 1000).sort(() => random() - 0.5);
  const half = kld.map(() => Math.log(2));
  const quarter = kld.map(() => Math.log(4));
  const sameTop = kld.map((_, index) => (index % 4 === 0 ? 0 : 1));
  const window = windowOf({ kld, nll: quarter, nllBase: half, sameTop });
  const statistics = textStatistics([window, window], 'lower-bound');
  expect(statistics.kld).toMatchObject({ kind: 'lower-bound', capturedMass: 1, max: 1 });
  expect(statistics.kld.median).toBeCloseTo(0.5, 3);
  expect(statistics.kld.p99).toBeCloseTo(0.99, 3);
  expect(statistics.kld.p999).toBeCloseTo(0.999, 3);
  expect(statistics.deltaP.mean.value).toBeCloseTo(-0.25, 6);
  expect(statistics.deltaP.rms.value).toBeCloseTo(0.25, 6);
  expect(statistics.sameTop.value).toBeCloseTo(0.75, 2);
  expect(statistics.windowKld).toHaveLength(2);
});
