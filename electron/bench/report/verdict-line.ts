import type { ComparisonRow } from '../../../shared/contract/bench.ts';
import { isPicked } from '../../../shared/contract/bench-pick.ts';
import type { Report } from '../../../shared/contract/report.ts';
import { formatFigure } from '../../../shared/units/format.ts';
import { intervalName } from '../../../shared/units/interval-name.ts';
import { rowNamesOf } from './report-names.ts';

const intervalText = (low: number | null, high: number | null, confidence: number): string | undefined =>
  low === null || high === null
    ? undefined
    : `${intervalName(confidence)} ${formatFigure(low)} to ${formatFigure(high)}`;

/** One file alone: its own speed, with the interval of its median or the range where there is none. */
const ofSingle = ({ decodeTps }: ComparisonRow, name: string): string | undefined => {
  if (decodeTps === null) return undefined;
  const { median, ciLow, ciHigh, min, max, n } = decodeTps;
  const spread = intervalText(ciLow, ciHigh, 0.95) ?? `range ${formatFigure(min)} to ${formatFigure(max)}`;
  return `${name}: decode ${formatFigure(median)} t/s (${spread}, n ${n}).`;
};

const ofPair = (
  row: ComparisonRow,
  base: ComparisonRow,
  names: readonly [string, string],
): string | undefined => {
  if (row.decodeRatio === null) return undefined;
  const { ratio, low, high, confidence, verdict } = row.decodeRatio;
  const repetitions = `n ${row.decodeTps?.n ?? 0} and ${base.decodeTps?.n ?? 0}`;
  const interval = intervalText(low, high, confidence) ?? 'too few repetitions for an interval';
  const said = verdict === 'not-distinguishable' ? 'no difference that the repetitions can show' : verdict;
  return `Decode of ${names[0]} against ${names[1]}: ${formatFigure(ratio)}×, ${interval}, ${repetitions}: ${said}.`;
};

/**
 * The verdict with its confidence interval, in one sentence: the recommended row (else the fastest judged one) against
 * the base, or a single file by itself. `undefined` where nothing may be judged.
 */
export const verdictLine = (report: Pick<Report, 'comparison' | 'runs' | 'imported'>): string | undefined => {
  const { rows, pick } = report.comparison;
  const nameOf = rowNamesOf(report);
  const name = (row: ComparisonRow): string => nameOf(row.runId, row.modelId);
  const [only] = rows;
  if (rows.length === 1 && only !== undefined) return ofSingle(only, name(only));
  const base = rows.find((row) => row.isBase);
  if (base === undefined) return undefined;
  const judged = rows
    .filter((row) => row.decodeRatio !== null)
    .toSorted((a, b) => (b.decodeRatio?.ratio ?? 0) - (a.decodeRatio?.ratio ?? 0));
  const row = judged.find((one) => isPicked(one, pick)) ?? judged[0];
  return row && ofPair(row, base, [name(row), name(base)]);
};
