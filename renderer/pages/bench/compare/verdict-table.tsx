import type { Comparison } from '../../../../shared/contract/bench.ts';
import type { MetricVerdict } from '../../../../shared/contract/verdict.ts';
import { formatFigure, UNKNOWN } from '../../../../shared/units/format.ts';
import { floorSentence } from '../../../../shared/units/floor-text.ts';
import { intervalName } from '../../../../shared/units/interval-name.ts';
import { verdictNote } from '../../../../shared/units/verdict-columns.ts';
import {
  differenceText,
  floorText,
  intervalText,
  metricTitle,
  metricVerdict,
  pText,
  roundsText,
} from '../../../../shared/units/verdict-text.ts';
import { useNow } from '../../../live/use-now.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { Explained } from '../../../ui/explained.tsx';
import { Unknown } from '../../../ui/unknown.tsx';
import verdictClasses from '../../../ui/verdict-text.module.css';
import { TestName } from '../test-name.tsx';
import classes from './verdict-table.module.css';

const Verdict = ({ judged }: { readonly judged: MetricVerdict }) => {
  const { shape, text, tone } = metricVerdict(judged);
  const level = judged.p === null ? '' : `; p ${pText(judged)} against ${judged.level.toFixed(4)}`;
  return (
    <Explained
      reason={`${intervalName(judged.confidence)} of the ratio ${formatFigure(judged.ratio.low)} to ${formatFigure(judged.ratio.high)}${level}`}
      className={verdictClasses.verdict}
    >
      <span data-tone={tone}>
        {shape} {text}
      </span>
    </Explained>
  );
};

const orUnknown = (text: string, reason: string) => (text === UNKNOWN ? <Unknown reason={reason} /> : text);

const columnsFor = (hasSeveralNames: boolean): readonly Column<MetricVerdict>[] => [
  ...(hasSeveralNames
    ? [
        {
          id: 'name',
          title: 'Against base',
          render: ({ name }: MetricVerdict) => name,
          sortBy: ({ name }: MetricVerdict) => name,
        },
      ]
    : []),
  {
    id: 'test',
    title: 'Test',
    isRowHeader: true,
    render: (judged) => <TestName of={judged} />,
    sortBy: ({ ladder, test }) => `${ladder} ${test}`,
  },
  { id: 'metric', title: 'Metric', render: metricTitle, sortBy: metricTitle },
  { id: 'base', title: 'Base', isNumeric: true, render: ({ baseMedian }) => formatFigure(baseMedian) },
  { id: 'median', title: 'Median', isNumeric: true, render: ({ median }) => formatFigure(median) },
  {
    id: 'difference',
    title: 'Difference',
    isNumeric: true,
    render: (judged) => (
      <>
        {differenceText(judged)}
        <span className={classes.interval}>
          {orUnknown(intervalText(judged), 'too few repetitions for an interval')}
        </span>
      </>
    ),
    sortBy: ({ ratio }) => ratio.value,
  },
  {
    id: 'verdict',
    title: 'Verdict',
    render: (judged) => <Verdict judged={judged} />,
    sortBy: ({ verdict }) => verdict,
  },
  {
    id: 'p',
    title: 'p',
    isNumeric: true,
    render: (judged) => orUnknown(pText(judged), 'no test with under 4 repetitions'),
    sortBy: ({ p }) => p,
  },
  {
    id: 'rounds',
    title: 'Rounds won',
    isNumeric: true,
    render: (judged) => orUnknown(roundsText(judged), 'the two were not measured in turns'),
  },
  {
    id: 'n',
    title: 'n',
    isNumeric: true,
    render: ({ n, baseN }) => (n === baseN ? `${n}` : `${n} / ${baseN}`),
  },
  {
    id: 'floor',
    title: 'Noise floor',
    isNumeric: true,
    render: (judged) => orUnknown(floorText(judged), 'not measured for this metric on this machine'),
    sortBy: ({ floor }) => floor,
  },
];

/** Every metric against the base, with all its verdict rests on. */
export const VerdictTable = ({ verdicts, noiseFloor }: Pick<Comparison, 'verdicts' | 'noiseFloor'>) => {
  const nowMs = useNow(60_000);
  return (
    <>
      <DataTable
        label="Metric by metric"
        columns={columnsFor(new Set(verdicts.map(({ name }) => name)).size > 1)}
        rows={verdicts}
        rowKey={({ runId, modelId, test, metric }) => `${runId} ${modelId} ${test} ${metric}`}
      />
      <p className={classes.note}>
        {verdictNote} {floorSentence(noiseFloor, nowMs)}
      </p>
    </>
  );
};
