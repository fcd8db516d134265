import type { Comparison } from '../../../shared/contract/bench.ts';
import type { MetricVerdict } from '../../../shared/contract/verdict.ts';
import { floorSentence } from '../../../shared/units/floor-text.ts';
import { formatFigure } from '../../../shared/units/format.ts';
import {
  differenceText,
  floorText,
  intervalText,
  metricTitle,
  pText,
  roundsText,
  verdictText,
} from '../../../shared/units/verdict-text.ts';
import { renderTable, type Column } from './table.ts';

const columns = (hasSeveral: boolean): readonly Column<MetricVerdict>[] => [
  ...(hasSeveral ? [{ head: 'against base', cell: ({ name }: MetricVerdict) => name }] : []),
  { head: 'test', cell: ({ ladder, test }) => `${ladder} ${test}` },
  { head: 'metric', cell: metricTitle },
  { head: 'base', align: 'right', cell: ({ baseMedian }) => formatFigure(baseMedian) },
  { head: 'median', align: 'right', cell: ({ median }) => formatFigure(median) },
  { head: 'difference', align: 'right', cell: differenceText },
  { head: 'interval', align: 'right', cell: intervalText },
  { head: 'p', align: 'right', cell: pText },
  { head: 'rounds won', align: 'right', cell: roundsText },
  { head: 'n', align: 'right', cell: ({ n, baseN }) => (n === baseN ? `${n}` : `${n} / ${baseN}`) },
  { head: 'floor', align: 'right', cell: floorText },
  { head: 'verdict', cell: verdictText },
];

/** Each metric against the base, with all that its verdict rests on; empty without a second row. */
export const renderVerdicts = ({ rows, verdicts, noiseFloor }: Comparison, nowMs: number): string =>
  verdicts.length === 0
    ? ''
    : [
        `Base: ${rows.find(({ isBase }) => isBase)?.modelId ?? ''}. ${[...new Set(verdicts.map(({ modelId }) => modelId))].join(', ')} against it:`,
        renderTable(columns(new Set(verdicts.map(({ name }) => name)).size > 1), verdicts),
        'Differences of medians with their bootstrap interval; p is of the two-sided Mann–Whitney test; each metric is a claim of its own, wrong at most 1 time in 20 between equal arms.',
        floorSentence(noiseFloor, nowMs),
      ].join('\n');
