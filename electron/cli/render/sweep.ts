import type { Sweep, SweepCandidate } from '../../../shared/contract/sweep.ts';
import type { Estimate } from '../../../shared/contract/common.ts';
import { writeEstimate } from '../../../shared/units/estimate.ts';
import { formatFigure, UNKNOWN } from '../../../shared/units/format.ts';
import { stateWord } from '../../../shared/units/job-outcome.ts';
import { sweepFloorText } from '../../../shared/units/floor-text.ts';
import {
  hasSeveralSequences,
  perSequence,
  sequencesNote,
  sequencesOf,
} from '../../../shared/units/sweep-sequences.ts';
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

/** The speed of all sequences, and of each where there are several. */
const speedColumns = (sweep: Sweep, metric: 'decodeTps' | 'prefillTps', test: string) => {
  const isSeveral = hasSeveralSequences(sweep);
  return [
    {
      head: isSeveral ? `${test} t/s, all` : `${test} t/s`,
      align: 'right' as const,
      cell: (one: SweepCandidate) => estimateText(one[metric]),
    },
    ...(isSeveral
      ? [
          {
            head: 'each',
            align: 'right' as const,
            cell: (one: SweepCandidate) =>
              formatFigure(perSequence(one[metric], sequencesOf(one, sweep.spec))),
          },
        ]
      : []),
  ];
};

const orderWords = {
  interleaved: ', candidates in turns',
  blocks: ', one candidate after the other (blocks)',
} as const;

/** Which sweep this is: `Sweep sweep_mh2x9k of llama-8b-Q4_K_M, done, 2026-01-05 10:00 UTC, candidates in turns`. */
const headLine = ({ id, modelId, state, createdAtMs, order }: Sweep): string => {
  const when = new Date(createdAtMs).toISOString().slice(0, 16).replace('T', ' ');
  return `Sweep ${id} of ${modelId}, ${stateWord(state)}, ${when} UTC${order === null ? '' : orderWords[order]}`;
};

const isStopped = ({ state }: Sweep): boolean =>
  state.type === 'cancelled' || state.type === 'failed' || state.type === 'interrupted';

/** The sweep as a table: every candidate, how long it stayed, and why it is out. */
export const renderSweep = (sweep: Sweep): string => {
  const { spec } = sweep;
  const isSeveral = hasSeveralSequences(sweep);
  const columns = [
    { head: 'settings', cell: (one: SweepCandidate) => one.label },
    ...(isSeveral
      ? [
          {
            head: 'sequences',
            align: 'right' as const,
            cell: (one: SweepCandidate) => String(sequencesOf(one, spec)),
          },
        ]
      : []),
    ...(spec.decodeWeight > 0 ? speedColumns(sweep, 'decodeTps', `tg${spec.decodeTokens}`) : []),
    ...(spec.decodeWeight < 1 ? speedColumns(sweep, 'prefillTps', `pp${spec.prefillTokens}`) : []),
    ...(spec.decodeWeight > 0 && spec.decodeWeight < 1
      ? [
          {
            head: 'objective t/s',
            align: 'right' as const,
            cell: (one: SweepCandidate) => estimateText(one.score),
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
    headLine(sweep),
    '',
    renderTable(columns, ranked(sweep)),
    '± is one standard deviation; n counts repetitions; the interval, t/s, is that of the median of the objective, from n 6 on.',
    ...(isSeveral ? [sequencesNote] : []),
    ...(sweep.sentence === null ? [] : ['', sweep.sentence]),
    ...(sweep.winnerId === null ? [] : [sweepFloorText(sweep.floorShare)]),
    ...(winner === undefined || winner.effective === null ? [] : [`It ran with ${winner.effective}.`]),
    ...(sweep.trust?.reasons ?? []).map(({ level, message }) => `${level.padEnd(6)}${message}`),
    '',
    `Repeat: ${sweep.repeatCommand}`,
    ...(isStopped(sweep) ? [`Go on:  dyno sweeps resume ${sweep.id}`] : []),
    ...(winner === undefined || winner.isDefault ? [] : [`Keep it:  dyno sweeps use ${sweep.id}`]),
  ].join('\n');
};
