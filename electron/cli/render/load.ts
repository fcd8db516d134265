import type {
  LoadRun,
  LoadShape,
  LoadStage,
  LoadSummary,
  ShapeField,
} from '../../../shared/contract/load.ts';
import { formatCount, formatCounted, formatFigure } from '../../../shared/units/format.ts';
import { countMarks, eventsSentence } from '../../../shared/units/events-as-tokens.ts';
import { sloText } from '../../../shared/units/load-facts.ts';
import { latencyRows, type LatencyRow } from '../../../shared/units/load-latencies.ts';
import { stageColumns } from '../../../shared/units/load-stages.ts';
import { percentileColumns } from '../../../shared/units/percentile-columns.ts';
import { renderTable } from './table.ts';

const percent = (share: number): string => `${formatFigure(share * 100)} %`;
const listOf = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${formatCount(count)}`)
    .join(', ');

const percentileTable = (rows: readonly LatencyRow[]): string =>
  renderTable<LatencyRow>(
    [
      { head: 'ms', cell: ({ label }) => label },
      ...percentileColumns(rows.map(({ values }) => values)).map(({ id, head }) => ({
        head,
        align: 'right' as const,
        cell: ({ values }: LatencyRow) => formatFigure(values[id]),
      })),
      { head: 'max', align: 'right', cell: ({ values }) => formatFigure(values.max) },
      { head: 'n', align: 'right', cell: ({ values }) => formatCount(values.n) },
    ],
    rows,
  );

const stageTable = (stages: readonly LoadStage[]): string =>
  renderTable<LoadStage>(
    stageColumns(stages).map(({ head, isNumeric, cell }) => ({
      head,
      cell,
      ...(isNumeric && { align: 'right' as const }),
    })),
    stages,
  );

const scheduleLine = (schedule: NonNullable<LoadSummary['schedule']>): string =>
  `Schedule: ${formatFigure(schedule.achievedPerSecond)} of ${formatFigure(schedule.askedPerSecond)} requests/s; lag p50 ${formatFigure(schedule.lagP50Ms)} ms, p99 ${formatFigure(schedule.lagP99Ms)} ms; ${formatCount(schedule.late)} late, ${formatCount(schedule.dropped)} dropped`;

const gapNote = ({ tokensPerEvent, tokenCountSource }: LoadSummary): string =>
  countMarks({ tokenCountSource }).tps !== '' ||
  tokensPerEvent === null ||
  Math.abs(tokensPerEvent - 1) <= 0.01
    ? ''
    : `; ${formatFigure(tokensPerEvent)} tokens per event, so gaps are no inter-token latencies`;

const cachedText = ({ cachedShare }: LoadSummary): string =>
  cachedShare === null ? 'cached ones not told' : `${percent(cachedShare)} cached`;

const summaryLines = (summary: LoadSummary, run: LoadRun): readonly string[] => [
  `Requests: ${formatCount(summary.finished)} of ${formatCount(summary.attempted)} answered (${listOf(summary.finishReasons) || 'no finish reason'})${
    Object.keys(summary.errors).length === 0 ? '' : `; failed: ${listOf(summary.errors)}`
  }`,
  `Speed: decode ${formatFigure(summary.decodeTps)} t/s per user, system ${formatFigure(summary.systemTps)} t/s in the steady window, ${formatFigure(summary.wholeTps)} t/s over all${countMarks(summary).tps}, ${formatFigure(summary.requestsPerSecond)} requests/s`,
  `Lengths: ${formatFigure(summary.promptTokens)} prompt tokens (${cachedText(summary)}), ${formatFigure(summary.outputTokens)} answer tokens, counted by ${summary.tokenCountSource ?? 'nobody'}; ${formatCount(summary.stalls)} stalls${gapNote(summary)}`,
  ...(summary.schedule === null ? [] : [scheduleLine(summary.schedule)]),
  ...(summary.goodput === null || run.slo === null
    ? []
    : [
        `Goodput: ${formatCount(summary.goodput.good)} of ${formatCounted(summary.goodput.attempted, 'request')} keep ${sloText(run.slo)}; ${formatFigure(summary.goodput.perSecond)} per second`,
      ]),
  ...(summary.engine === null
    ? []
    : [
        `Server’s own times: prefill ${formatFigure(summary.engine.prefillTps)} t/s, decode ${formatFigure(summary.engine.decodeTps)} t/s`,
      ]),
  ...(summary.loopDelayP99Ms === null
    ? []
    : [`Client: its event loop was at most ${formatFigure(summary.loopDelayP99Ms)} ms late (p99)`]),
];

const trustLines = ({ trust }: LoadRun): readonly string[] =>
  trust === null
    ? []
    : [`Trust: ${trust.level}`, ...trust.reasons.map((reason) => `  ${reason.level} ${reason.message}`)];

const lengthNotes: Partial<Readonly<Record<LoadRun['target']['promptLengths'], string>>> = {
  calibrated: 'Prompt lengths are estimates, calibrated on two prompts the server counted.',
  estimated: 'Prompt lengths are estimates of 4 characters per token: the server does not count.',
  'as-given': 'Prompts are those of the file, with the lengths they have.',
};

/** One stage after it has ended, for the progress on stderr. */
export const renderStageEnd = ({ name, state, summary }: LoadStage): string =>
  summary === null
    ? `${name}: ${state}`
    : `${name}: ${formatCount(summary.finished)}/${formatCounted(summary.attempted, 'request')}, ${formatFigure(summary.systemTps ?? summary.wholeTps)} t/s${countMarks(summary).tps}, TTFT ${formatFigure(summary.ttftScheduledMs.p50)} ms`;

/** A load run with all that belongs beside its figures. */
export const renderLoad = (run: LoadRun): string => {
  const [only, ...others] = run.stages;
  const note = lengthNotes[run.target.promptLengths];
  const events = eventsSentence(run.stages.map(({ summary }) => summary));
  return [
    `${run.target.model || run.target.url} (${run.target.isSynthetic ? 'synthetic, ' : ''}${run.target.dialect}) at ${run.target.url || 'Dyno’s own server'}`,
    run.description,
    '',
    ...(only?.summary !== null && only !== undefined && others.length === 0
      ? [percentileTable(latencyRows(only.summary)), '', ...summaryLines(only.summary, run)]
      : [stageTable(run.stages)]),
    ...(run.finding === null ? [] : ['', run.finding]),
    '',
    ...(note === undefined ? [] : [note]),
    ...(events === null ? [] : [events]),
    ...trustLines(run),
    `Repeat: ${run.repeatCommand}`,
  ].join('\n');
};

export const renderLoadList = (runs: readonly LoadRun[]): string =>
  runs.length === 0
    ? 'No load runs yet. "dyno load" makes the first.'
    : renderTable<LoadRun>(
        [
          { head: 'id', cell: (run) => run.id },
          {
            head: 'when',
            cell: (run) => new Date(run.createdAtMs).toISOString().slice(0, 16).replace('T', ' '),
          },
          { head: 'state', cell: (run) => run.state.type },
          { head: 'stages', align: 'right', cell: (run) => String(run.stages.length) },
          { head: 'name', cell: (run) => run.name },
        ],
        runs,
      );

const defaultText = (value: unknown): string => {
  if (value === null) return '…';
  return Array.isArray(value) ? value.map(String).join(',') : JSON.stringify(value).replaceAll('"', '');
};

const fieldLine = (field: ShapeField): string => {
  const choices = field.choices.length === 0 ? '' : ` (${field.choices.join(', ')})`;
  return `  ${field.name}=${defaultText(field.default)}  ${field.description}${choices}`;
};

export const renderShapes = (shapes: readonly LoadShape[]): string =>
  shapes
    .map((shape) => [`${shape.name}: ${shape.description}`, ...shape.fields.map(fieldLine)].join('\n'))
    .join('\n\n');
