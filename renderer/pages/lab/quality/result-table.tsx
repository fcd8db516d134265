import type { QualityResult, ScoredMean } from '../../../../shared/contract/quality.ts';
import { formatCount, formatFigure, formatGib } from '../../../../shared/units/format.ts';
import { formatPValue, writeScoredMean } from '../../../../shared/units/scored-mean.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { Explained } from '../../../ui/explained.tsx';
import { Unknown } from '../../../ui/unknown.tsx';
import { labelOf } from './result-groups.ts';
import classes from './quality.module.css';

interface MeanTextProps {
  readonly mean: ScoredMean;
  readonly n: number;
  readonly scale?: number;
  /** A lower bound says so at the figure. */
  readonly isBound?: boolean;
}

const MeanText = ({ mean, n, scale = 1, isBound = false }: MeanTextProps) => {
  const { value, spread } = writeScoredMean(mean, scale);
  return (
    <span className={classes.mean} title={`n ${formatCount(n)}`}>
      {isBound ? '≥ ' : ''}
      {value} <span className={classes.spread}>± {spread}</span>
    </span>
  );
};

const mean = (
  id: string,
  title: string,
  read: (result: QualityResult) => ScoredMean,
  scale = 1,
): Column<QualityResult> => ({
  id,
  title,
  isNumeric: true,
  render: (result) => (
    <MeanText
      mean={read(result)}
      n={result.text.n}
      scale={scale}
      isBound={id === 'kld' && result.text.kld.kind === 'lower-bound'}
    />
  ),
  sortBy: (result) => read(result).value,
});

const verdicts = {
  better: '▲ better',
  worse: '▼ worse',
  'not-distinguishable': '≈ no difference',
} as const;

const TaskText = ({ tasks }: Pick<QualityResult, 'tasks'>) => {
  if (tasks === null) return <Unknown reason="the tasks were not asked" />;
  const { candidate, base, lost, won, pValue, verdict } = tasks;
  const reason = `${formatCount(candidate.n)} tasks; 95 % interval ${formatFigure(100 * candidate.low)} to ${formatFigure(100 * candidate.high)} %; base ${formatFigure(100 * base.share)} %; McNemar p ${formatPValue(pValue)}`;
  return (
    <Explained reason={reason}>
      {formatFigure(100 * candidate.share)} · {lost} lost, {won} won · {verdicts[verdict]}
    </Explained>
  );
};

const columns: readonly Column<QualityResult>[] = [
  {
    id: 'type',
    title: 'Candidate',
    isRowHeader: true,
    render: (result) => <Explained reason={result.candidate.modelId}>{labelOf(result)}</Explained>,
    sortBy: labelOf,
  },
  {
    id: 'size',
    title: 'Size, GiB',
    isNumeric: true,
    render: ({ candidate }) => formatGib(candidate.sizeBytes),
    sortBy: ({ candidate }) => candidate.sizeBytes,
  },
  mean('kld', 'Mean KLD, nats', ({ text }) => text.kld.mean),
  mean('ppl', 'Perplexity', ({ text }) => text.ppl),
  mean('ratio', 'ln ratio', ({ text }) => text.logRatio),
  mean('delta', 'Δp RMS, %', ({ text }) => text.deltaP.rms, 100),
  mean('top', 'Same top, %', ({ text }) => text.sameTop, 100),
  {
    id: 'tasks',
    title: 'Tasks, %',
    render: (result) => <TaskText tasks={result.tasks} />,
    sortBy: ({ tasks }) => tasks?.candidate.share ?? null,
  },
];

/** Every candidate of a group with what it lost. */
export const ResultTable = ({ results }: { readonly results: readonly QualityResult[] }) => (
  <DataTable label="Quality" columns={columns} rows={results} rowKey={({ id }) => id} />
);
