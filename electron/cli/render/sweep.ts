import type { Sweep, SweepCandidate } from '../../../shared/contract/sweep.ts';
import type { Estimate } from '../../../shared/contract/common.ts';
import { writeEstimate } from '../../../shared/units/estimate.ts';
import { formatFigure, UNKNOWN } from '../../../shared/units/format.ts';
import { sweepFloorText } from '../../../shared/units/floor-text.ts';
import { speedVerdict } from '../../../shared/units/verdict.ts';
import { renderTable } from './table.ts';

const estimateText = (estimate: Estimate | null): string => {
  if (estimate === null) return UNKNOWN;
  const { value, spread } = writeEstimate(estimate);
  return spread === null ? value : `${value} ± ${spread}`;
};

const intervalText = (estimate: Estimate | null): string =>
  typeof estimate?.ciLow !== 'number' || estimate.ciHigh === null
    ? UNKNOWN
    : `${formatFigure(estimate.ciLow)} to ${formatFigure(estimate.ciHigh)}`;

const outcomeText = (candidate: SweepCandidate, winnerId: string | null): string => {
  if (candidate.id === winnerId) return 'winner';
  if (candidate.error !== null) return `failed: ${candidate.error.message}`;
  if (candidate.elimination !== null) return `cut: ${candidate.elimination.message}`;
  if (candidate.againstWinner === null) return candidate.state;
  const { shape, text } = speedVerdict(candidate.againstWinner.ratio, candidate.againstWinner.verdict);
  return `${shape} ${text}`;
};

/** Winner first, then by how long they stayed, then by speed. */
const ranked = ({ candidates, winnerId }: Sweep): readonly SweepCandidate[] =>
  candidates.toSorted(
    (a, b) =>
      Number(b.id === winnerId) - Number(a.id === winnerId) ||
      b.repetitions.length - a.repetitions.length ||
      (b.score?.median ?? 0) - (a.score?.median ?? 0),
  );

/** The sweep as a table: every candidate, how long it stayed, and why it is out. */
export const renderSweep = (sweep: Sweep): string => {
  const { spec } = sweep;
  const columns = [
    { head: 'settings', cell: (one: SweepCandidate) => one.label },
    ...(spec.decodeWeight > 0
      ? [
          {
            head: `tg${spec.decodeTokens} t/s`,
            align: 'right' as const,
            cell: (one: SweepCandidate) => estimateText(one.decodeTps),
          },
        ]
      : []),
    ...(spec.decodeWeight < 1
      ? [
          {
            head: `pp${spec.prefillTokens} t/s`,
            align: 'right' as const,
            cell: (one: SweepCandidate) => estimateText(one.prefillTps),
          },
        ]
      : []),
    {
      head: '95 % interval',
      align: 'right' as const,
      cell: (one: SweepCandidate) => intervalText(one.score),
    },
    { head: 'n', align: 'right' as const, cell: (one: SweepCandidate) => String(one.repetitions.length) },
    { head: 'outcome', cell: (one: SweepCandidate) => outcomeText(one, sweep.winnerId) },
  ];
  const winner = sweep.candidates.find(({ id }) => id === sweep.winnerId);
  return [
    renderTable(columns, ranked(sweep)),
    '± is one standard deviation; the interval is that of the median of the objective, from n 6 on.',
    ...(sweep.sentence === null ? [] : ['', sweep.sentence]),
    ...(sweep.winnerId === null ? [] : [sweepFloorText(sweep.floorShare)]),
    ...(winner === undefined || winner.effective === null ? [] : [`It ran with ${winner.effective}.`]),
    ...(sweep.trust?.reasons ?? []).map(({ level, message }) => `${level.padEnd(6)}${message}`),
    '',
    `Repeat: ${sweep.repeatCommand}`,
    ...(winner === undefined || winner.isDefault ? [] : [`Keep it:  dyno sweeps use ${sweep.id}`]),
  ].join('\n');
};
