import { median } from 'simple-statistics';
import { blockBootstrap, type BootstrapEstimate, type BootstrapOptions } from './block-bootstrap.ts';
import { signTest, type SignTest } from './sign-test.ts';
import { wilcoxonSignedRank, type SignedRank } from './wilcoxon-signed-rank.ts';

export interface PairedRounds {
  /** Median over the rounds of a / b, with a bootstrap interval over rounds. */
  readonly ratio: BootstrapEstimate;
  readonly signedRank: SignedRank;
  readonly signs: SignTest;
}

/**
 * Compares two samples of positive values that were measured in turns: the values at the same index shared their round,
 * so whatever slowed one of them slowed both. Ratios are taken per round, the tests on their logarithms.
 *
 * Source of pairing by blocks: G. E. P. Box, W. G. Hunter and J. S. Hunter, Statistics for Experimenters, 1978, chapter 4.
 *
 * @returns `null` without a round that both have.
 */
export const pairedRounds = (
  a: readonly number[],
  b: readonly number[],
  options: BootstrapOptions = {},
): PairedRounds | null => {
  const ratios = a.flatMap((value, index) => {
    const other = b[index];
    return other === undefined ? [] : [value / other];
  });
  if (ratios.length === 0) return null;
  const logs = ratios.map(Math.log);
  return {
    ratio: blockBootstrap(ratios, (drawn) => median([...drawn]), options),
    signedRank: wilcoxonSignedRank(logs),
    signs: signTest(logs),
  };
};
