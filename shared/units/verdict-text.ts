import type { MetricVerdict } from '../contract/verdict.ts';
import { metricDefinition } from '../metrics/definitions.ts';
import { formatFigure, UNKNOWN } from './format.ts';
import type { Verdict } from './verdict.ts';

/** A share as percent with its sign: `+12.4 %`. */
const signedPercent = (share: number): string =>
  `${share < 0 ? '−' : share > 0 ? '+' : ''}${formatFigure(Math.abs(share) * 100)} %`;

/** Name and unit of the metric; of the server's decode speed, whose. */
export const metricTitle = ({ ladder, metric }: Pick<MetricVerdict, 'ladder' | 'metric'>): string => {
  const { name, unit } = metricDefinition(
    ladder === 'api' && metric === 'decodeTps' ? 'apiDecodeTps' : metric,
  );
  return `${name} ${unit}`;
};

/** Difference of medians as a share of the base. */
export const differenceText = ({ ratio }: MetricVerdict): string => signedPercent(ratio.value - 1);

export const intervalText = ({ ratio, p }: MetricVerdict): string =>
  p === null ? UNKNOWN : `${signedPercent(ratio.low - 1)} to ${signedPercent(ratio.high - 1)}`;

export const pText = ({ p }: MetricVerdict): string =>
  p === null ? UNKNOWN : p < 0.0001 ? '< 0.0001' : p.toFixed(4);

/** In how many rounds the row was the better one of the two. */
export const roundsText = ({ metric, paired }: MetricVerdict): string => {
  if (paired === null) return UNKNOWN;
  const isHigherBetter = metricDefinition(metric).better === 'higher';
  return `${isHigherBetter ? paired.higher : paired.rounds - paired.higher} of ${paired.rounds}`;
};

export const floorText = ({ floor }: MetricVerdict): string =>
  floor === null ? UNKNOWN : `${formatFigure(floor * 100)} %`;

const whyNot = ({ reason, floor, isFinal }: MetricVerdict): string => {
  switch (reason) {
    case 'difference':
      return '';
    case 'overlap':
      return isFinal ? '' : ': the time was up';
    case 'below-floor':
      return ': below the noise floor';
    case 'equal':
      return floor === null ? ': too small to matter' : ': within the noise floor';
    case 'too-few':
      return ': too few repetitions';
    default:
      return reason satisfies never;
  }
};

/** The verdict in a shape and a word, with the reason where there is none. */
export const metricVerdict = (judged: MetricVerdict): Verdict => {
  switch (judged.verdict) {
    case 'better':
      return { shape: '▲', text: 'better', tone: 'better' };
    case 'worse':
      return { shape: '▼', text: 'worse', tone: 'worse' };
    case 'not-distinguishable':
      return { shape: '≈', text: `not distinguishable${whyNot(judged)}`, tone: 'same' };
    default:
      return judged.verdict satisfies never;
  }
};

export const verdictText = (judged: MetricVerdict): string => {
  const { shape, text } = metricVerdict(judged);
  return `${shape} ${text}`;
};

const countText = (verdicts: readonly MetricVerdict[], verdict: MetricVerdict['verdict']): string =>
  `${verdicts.filter((judged) => judged.verdict === verdict).length}`;

/**
 * A comparison in one sentence: `F16 (threads 1): better than the base in 1 of 7 metrics, worse in 0, not
 * distinguishable in 6.` `null` for none or several rows.
 */
export const verdictSummary = (verdicts: readonly MetricVerdict[]): string | null => {
  const [name, ...others] = new Set(verdicts.map((judged) => judged.name));
  if (name === undefined || others.length > 0) return null;
  return `${name}: better than the base in ${countText(verdicts, 'better')} of ${verdicts.length} metrics, worse in ${countText(verdicts, 'worse')}, not distinguishable in ${countText(verdicts, 'not-distinguishable')}.`;
};
