import type { Sweep, SweepCandidate } from '../../../../shared/contract/sweep.ts';
import { formatFigure } from '../../../../shared/units/format.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { EstimateText } from '../../../ui/estimate-text.tsx';
import { Explained } from '../../../ui/explained.tsx';
import { Unknown } from '../../../ui/unknown.tsx';
import { VerdictText } from '../../../ui/verdict-text.tsx';

const Outcome = ({ candidate, sweep }: { readonly candidate: SweepCandidate; readonly sweep: Sweep }) => {
  if (candidate.id === sweep.winnerId) return <strong>winner</strong>;
  if (candidate.error !== null) {
    return <Explained reason={`${candidate.error.message} ${candidate.error.hint ?? ''}`}>failed</Explained>;
  }
  if (candidate.elimination !== null) return <>{candidate.elimination.message}</>;
  if (candidate.againstWinner !== null) return <VerdictText ratio={candidate.againstWinner} />;
  return <>in the race</>;
};

const columnsOf = (sweep: Sweep): readonly Column<SweepCandidate>[] => {
  const { spec } = sweep;
  const speed = (id: 'decodeTps' | 'prefillTps', title: string): Column<SweepCandidate> => ({
    id,
    title,
    isNumeric: true,
    render: (candidate) => <EstimateText estimate={candidate[id]} reason="not measured yet" />,
    sortBy: (candidate) => candidate[id]?.median ?? null,
  });
  return [
    {
      id: 'settings',
      title: 'Settings',
      isRowHeader: true,
      render: ({ label, effective }) =>
        effective === null ? label : <Explained reason={`Ran with ${effective}.`}>{label}</Explained>,
      sortBy: ({ label }) => label,
    },
    ...(spec.decodeWeight > 0 ? [speed('decodeTps', `tg${spec.decodeTokens}, t/s`)] : []),
    ...(spec.decodeWeight < 1 ? [speed('prefillTps', `pp${spec.prefillTokens}, t/s`)] : []),
    {
      id: 'interval',
      title: '95 % interval',
      isNumeric: true,
      render: ({ score }) =>
        typeof score?.ciLow !== 'number' || score.ciHigh === null ? (
          <Unknown reason="an interval of the median needs 6 repetitions" />
        ) : (
          `${formatFigure(score.ciLow)} to ${formatFigure(score.ciHigh)}`
        ),
    },
    {
      id: 'n',
      title: 'Repetitions',
      isNumeric: true,
      render: ({ repetitions }) => repetitions.length,
      sortBy: ({ repetitions }) => repetitions.length,
    },
    {
      id: 'outcome',
      title: 'Outcome',
      render: (candidate) => <Outcome candidate={candidate} sweep={sweep} />,
    },
  ];
};

const markOf = (sweep: Sweep) => (candidate: SweepCandidate) => {
  if (candidate.id === sweep.winnerId) return 'pick';
  if (candidate.error !== null) return 'problem';
  return candidate.state === 'eliminated' ? 'dominated' : undefined;
};

/** Every candidate with its speed, how long it stayed, and why it is out. */
export const CandidateTable = ({ sweep }: { readonly sweep: Sweep }) => (
  <DataTable
    label="Candidates"
    columns={columnsOf(sweep)}
    rows={sweep.candidates}
    rowKey={({ id }) => id}
    rowMark={markOf(sweep)}
    initialSorting={{ columnId: 'n', isDescending: true }}
  />
);
