import type { Estimate } from '../contract/common.ts';
import { decimalsFor, formatFigure } from './format.ts';

/** An estimate as it is written: `61.4` `± 0.8` `n 5`, and the whole truth for the hover text. */
export interface WrittenEstimate {
  readonly value: string;
  /** One standard deviation over the repetitions, with the decimals of the value; `null` for a single one. */
  readonly spread: string | null;
  readonly n: number;
  readonly detail: string;
}

/** Two significant digits, and no finer than the value it stands behind. */
const writeSpread = (deviation: number, decimals: number): string =>
  Number(deviation.toPrecision(2)).toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });

/** The error of a figure, `0.0000051` behind `0.0000409`: two significant digits, and no finer than the figure. */
export const writeError = (value: number, error: number): string => writeSpread(error, decimalsFor(value));

/** `0.0000409 ± 0.0000051`: a figure with its error. */
export const writeWithError = (value: number, error: number): string =>
  `${formatFigure(value)} ± ${writeError(value, error)}`;

/** @param divisor from the stored unit to the shown one, e.g. 1000 for ms shown as s. */
export const writeEstimate = (estimate: Estimate, divisor = 1): WrittenEstimate => {
  const median = estimate.median / divisor;
  const deviation = estimate.cv === null ? null : Math.abs(estimate.cv * median);
  const parts = [`median of ${estimate.n} ${estimate.n === 1 ? 'repetition' : 'repetitions'}`];
  if (estimate.n > 1)
    parts.push(`from ${formatFigure(estimate.min / divisor)} to ${formatFigure(estimate.max / divisor)}`);
  if (deviation !== null) parts.push('± is one standard deviation');
  parts.push(
    estimate.ciLow === null || estimate.ciHigh === null
      ? 'no 95 % interval below n 6'
      : `95 % interval ${formatFigure(estimate.ciLow / divisor)} to ${formatFigure(estimate.ciHigh / divisor)}`,
  );
  return {
    value: formatFigure(median),
    spread: deviation === null ? null : writeSpread(deviation, decimalsFor(median)),
    n: estimate.n,
    detail: parts.join('; '),
  };
};
