import type { MetricVerdict } from '../contract/verdict.ts';
import { formatFigure } from './format.ts';
import {
  differenceText,
  floorText,
  intervalText,
  metricTitle,
  pText,
  roundsText,
  verdictText,
} from './verdict-text.ts';

interface VerdictColumn {
  readonly head: string;
  readonly isText: boolean;
  readonly text: (judged: MetricVerdict) => string;
}

const column = (head: string, text: VerdictColumn['text'], isText = false): VerdictColumn => ({
  head,
  text,
  isText,
});

/** The metric-by-metric comparison as every face and report lays it out. */
export const verdictColumns: readonly VerdictColumn[] = [
  column('against base', ({ name }) => name, true),
  column('test', ({ ladder, test }) => `${ladder} ${test}`, true),
  column('metric', metricTitle, true),
  column('base', ({ baseMedian }) => formatFigure(baseMedian)),
  column('median', ({ median }) => formatFigure(median)),
  column('difference', differenceText),
  column('interval', intervalText),
  column('p', pText),
  column('rounds won', roundsText),
  column('n', ({ n, baseN }) => (n === baseN ? `${n}` : `${n} / ${baseN}`)),
  column('floor', floorText),
  column('verdict', verdictText, true),
];

/** What stands under the table. */
export const verdictNote =
  'Differences of medians with their bootstrap interval; p: two-sided Mann–Whitney test; rounds won: in how many turns it was the better one. Each metric is a claim of its own, wrong at most once in 20 comparisons of equal arms.';
