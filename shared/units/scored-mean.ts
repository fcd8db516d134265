import type { ScoredMean } from '../contract/quality.ts';

/** Decimals that leave a spread with two significant digits, at most 7. */
const decimalsOfSpread = (spread: number): number =>
  spread > 0 && Number.isFinite(spread)
    ? Math.min(7, Math.max(0, 1 - Math.floor(Math.log10(Number(spread.toPrecision(2))))))
    : 4;

/**
 * A mean to the digits its standard error allows, and that error with two significant digits: `1.8667` and `0.0011`.
 * @param scale 100 for percent
 */
export const writeScoredMean = (
  { value, standardError }: ScoredMean,
  scale = 1,
): { readonly value: string; readonly spread: string } => {
  const decimals = decimalsOfSpread(standardError * scale);
  return { value: (value * scale).toFixed(decimals), spread: (standardError * scale).toFixed(decimals) };
};

/** As one text: `0.00067 ± 0.00013`. */
export const formatScoredMean = (mean: ScoredMean, scale = 1): string => {
  const { value, spread } = writeScoredMean(mean, scale);
  return `${value} ± ${spread}`;
};

/** A p-value: three digits, `< 0.001` below that. */
export const formatPValue = (p: number): string => (p < 0.001 ? '< 0.001' : p.toFixed(3));
