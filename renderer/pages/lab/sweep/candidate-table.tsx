import type { Sweep, SweepCandidate } from '../../../../shared/contract/sweep.ts';
import { formatFigure } from '../../../../shared/units/format.ts';
import { hasSeveralSequences, perSequence, sequencesOf } from '../../../../shared/units/sweep-sequences.ts';
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
  const isSeveral = hasSeveralSequences(sweep);
  const eachOf = (candidate: SweepCandidate, id: 'decodeTps' | 'prefillTps'): number | null =>
    perSequence(candidate[id], sequencesOf(candidate, spec));
  /** The speed of all sequences, and of each where there are several. */
  const speeds = (id: 'decodeTps' | 'prefillTps', test: string): readonly Column<SweepCandidate>[] => [
    {
      id,
      title: isSeveral ? `${test}, t/s of all` : `${test}, t/s`,
      isNumeric: true,
      render: (candidate) => <EstimateText estimate={candidate[id]} reason="not measured yet" />,
      sortBy: (candidate) => candidate[id]?.median ?? null,
    },
    ...(isSeveral
      ? [
          {
            id: `${id}-each`,
            title: 't/s of each',
            isNumeric: true,
            render: (candidate: SweepCandidate) => formatFigure(eachOf(candidate, id)),
            sortBy: (candidate: SweepCandidate) => eachOf(candidate, id),
          },
        ]
      : []),
  ];
  return [
    {
      id: 'settings',
      title: 'Settings',
      isRowHeader: true,
      render: ({ label, effective }) =>
        effective === null ? label : <Explained reason={`Ran with ${effective}.`}>{label}</Explained>,
      sortBy: ({ label }) => label,
    },
    ...(isSeveral
      ? [
          {
            id: 'sequences',
            title: 'Sequences',
            isNumeric: true,
            render: (candidate: SweepCandidate) => sequencesOf(candidate, spec),
            sortBy: (candidate: SweepCandidate) => sequencesOf(candidate, spec),
          },
        ]
      : []),
    ...(spec.decodeWeight > 0 ? speeds('decodeTps', `tg${spec.decodeTokens}`) : []),
    ...(spec.decodeWeight < 1 ? speeds('prefillTps', `pp${spec.prefillTokens}`) : []),
    ...(spec.decodeWeight > 0 && spec.decodeWeight < 1
      ? [
          {
            id: 'score',
            title: 'Objective, t/s',
            isNumeric: true,
            render: ({ score }: SweepCandidate) => (
              <EstimateText estimate={score} reason="not measured yet" />
            ),
            sortBy: ({ score }: SweepCandidate) => score?.median ?? null,
          },
        ]
      : []),
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
