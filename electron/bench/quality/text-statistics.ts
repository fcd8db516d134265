import { quantileSorted } from 'simple-statistics';
import type { ScoredMean, TextQuality } from '../../../shared/contract/quality.ts';
import { blockBootstrap } from '../stats/block-bootstrap.ts';
import { sumWindow, type WindowSums, type WindowValues } from './window-values.ts';

/** What the windows of a text say of a candidate: all of `TextQuality` but where it comes from. */
export type TextStatistics = Omit<TextQuality, 'text' | 'protocol'>;

type Key = keyof WindowSums;

/** The same windows are drawn for every statistic. */
const bootstrapOptions = { seed: 1, resamples: 1000 } as const;

/**
 * Means of the values behind some sums, as llama.cpp's tool has them: the standard error of a mean is
 * √((⟨x²⟩ − ⟨x⟩²) / (n − 1)), every token taken as independent.
 */
const createMoments = (windows: readonly WindowSums[]) => {
  const total = (key: Key, over: readonly WindowSums[] = windows): number =>
    over.reduce((sum, window) => sum + window[key], 0);
  const n = total('n');
  const mean = (key: Key, over?: readonly WindowSums[]): number => total(key, over) / total('n', over);
  const covariance = (both: Key, one: Key, other: Key): number =>
    (mean(both) - mean(one) * mean(other)) / (n - 1);
  const error = (squares: Key, key: Key): number => Math.sqrt(Math.max(0, covariance(squares, key, key)));
  return { n, mean, covariance, error };
};

/**
 * Statistics of a candidate against its base over the scored positions of a text, in the definitions of llama.cpp's
 * perplexity tool (tools/perplexity/perplexity.cpp, v0.5.0), with standard errors by a bootstrap over windows.
 * PPL = exp(mean negative log-likelihood); ln-ratio = the difference of the two means.
 *
 * @param windows at least two, of equal length.
 */
export const textStatistics = (
  windows: readonly WindowValues[],
  kind: TextQuality['kld']['kind'],
): TextStatistics => {
  const sums = windows.map(sumWindow);
  const { n, mean, covariance, error } = createMoments(sums);
  const estimate = (
    statistic: (over: readonly WindowSums[]) => number,
    tokenStandardError: number,
  ): ScoredMean => {
    const { value, standardError } = blockBootstrap(sums, statistic, bootstrapOptions);
    return { value, standardError, tokenStandardError };
  };

  const nllError = error('nll2', 'nll');
  const baseError = error('nllBase2', 'nllBase');
  const both = covariance('nllBoth', 'nll', 'nllBase');
  const ratioError = Math.sqrt(Math.max(0, nllError ** 2 + baseError ** 2 - 2 * both));
  const rms = Math.sqrt(mean('deltaP2'));
  const sameTop = mean('sameTop');
  const klds = Float64Array.from(windows.flatMap(({ kld }) => [...kld])).sort();
  const sorted = [...klds];

  return {
    n,
    pplBase: estimate((over) => Math.exp(mean('nllBase', over)), Math.exp(mean('nllBase')) * baseError),
    ppl: estimate((over) => Math.exp(mean('nll', over)), Math.exp(mean('nll')) * nllError),
    logRatio: estimate((over) => mean('nll', over) - mean('nllBase', over), ratioError),
    correlation: nllError > 0 && baseError > 0 ? both / (nllError * baseError) : null,
    kld: {
      mean: estimate((over) => mean('kld', over), error('kld2', 'kld')),
      median: quantileSorted(sorted, 0.5),
      p90: quantileSorted(sorted, 0.9),
      p95: quantileSorted(sorted, 0.95),
      p99: quantileSorted(sorted, 0.99),
      p999: quantileSorted(sorted, 0.999),
      max: sorted.at(-1) ?? 0,
      kind,
      capturedMass: windows.reduce((sum, { capturedMass }) => sum + capturedMass, 0) / windows.length,
    },
    deltaP: {
      mean: estimate((over) => mean('deltaP', over), error('deltaP2', 'deltaP')),
      rms: estimate(
        (over) => Math.sqrt(mean('deltaP2', over)),
        rms === 0 ? 0 : (0.5 / rms) * error('deltaP4', 'deltaP2'), // d√x = dx / 2√x
      ),
    },
    sameTop: estimate((over) => mean('sameTop', over), Math.sqrt((sameTop * (1 - sameTop)) / (n - 1))),
    windowKld: sums.map((window) => window.kld / window.n),
  };
};
