import type { LoadRun, LoadSummary } from '../contract/load.ts';
import { countMarks } from './events-as-tokens.ts';
import { formatCount, formatFigure, UNKNOWN } from './format.ts';

type NameAndValue = readonly [name: string, value: string];

const counts = (values: Readonly<Record<string, number>>): string =>
  Object.entries(values)
    .map(([name, count]) => `${name} ${formatCount(count)}`)
    .join(', ') || 'none';

const scheduleFacts = (schedule: NonNullable<LoadSummary['schedule']>): readonly NameAndValue[] => [
  [
    'Schedule',
    `${formatFigure(schedule.achievedPerSecond)} of ${formatFigure(schedule.askedPerSecond)} requests per second`,
  ],
  ['Schedule lag', `p50 ${formatFigure(schedule.lagP50Ms)} ms, p99 ${formatFigure(schedule.lagP99Ms)} ms`],
  ['Late, dropped', `${formatCount(schedule.late)}, ${formatCount(schedule.dropped)}`],
];

const goodputText = (goodput: NonNullable<LoadSummary['goodput']>): string =>
  `${formatCount(goodput.good)} of ${formatCount(goodput.attempted)}, ${formatFigure(goodput.perSecond)} per second`;

const lengthWords: Readonly<Record<LoadRun['target']['promptLengths'], string>> = {
  exact: 'exact, by the model’s tokenizer',
  calibrated: 'calibrated on two prompts the server counted',
  estimated: 'estimated at 4 characters per token',
  'as-given': 'those of the file',
};

/** The limits of a service level: `interactive, TTFT ≤ 450 ms, TPOT ≤ 40 ms`. */
export const sloText = (slo: NonNullable<LoadRun['slo']>): string =>
  [
    ...(slo.name === undefined ? [] : [slo.name]),
    ...(slo.ttftMs === undefined ? [] : [`TTFT ≤ ${slo.ttftMs} ms`]),
    ...(slo.tpotMs === undefined ? [] : [`TPOT ≤ ${slo.tpotMs} ms`]),
    ...(slo.e2eMs === undefined ? [] : [`end to end ≤ ${slo.e2eMs} ms`]),
  ].join(', ');

/** What belongs beside the percentiles of a stage: lengths, schedule, errors, the server’s own times. */
export const stageFacts = (
  { target }: Pick<LoadRun, 'target'>,
  summary: LoadSummary,
): readonly NameAndValue[] => [
  ...(target.isSynthetic ? [['Weights', 'random: the file is synthetic'] as const] : []),
  ['Answered', `${formatCount(summary.finished)} of ${formatCount(summary.attempted)}`],
  ['Finish reasons', counts(summary.finishReasons)],
  ['Errors', counts(summary.errors)],
  ['Decode per user', `${formatFigure(summary.decodeTps)} t/s${countMarks(summary).tps}`],
  [
    'System output',
    `${formatFigure(summary.systemTps)} t/s steady, ${formatFigure(summary.wholeTps)} t/s over all${countMarks(summary).tps}`,
  ],
  ['Goodput', summary.goodput === null ? UNKNOWN : goodputText(summary.goodput)],
  ...(summary.schedule === null ? [] : scheduleFacts(summary.schedule)),
  ['Prompt tokens', `${formatFigure(summary.promptTokens)}; lengths ${lengthWords[target.promptLengths]}`],
  [
    'Cached prompt tokens',
    summary.cachedShare === null ? 'not told' : `${formatFigure(summary.cachedShare * 100)} %`,
  ],
  [
    'Answer tokens',
    `${formatFigure(summary.outputTokens)}, counted by ${summary.tokenCountSource ?? 'nobody'}`,
  ],
  ['Stalls', `${formatCount(summary.stalls)} gaps over 4 × the median`],
  [
    'Tokens per event',
    countMarks(summary).tps === ''
      ? formatFigure(summary.tokensPerEvent)
      : 'not told: the server counts no tokens',
  ],
  [
    'Server’s own times',
    summary.engine === null
      ? 'not told'
      : `prefill ${formatFigure(summary.engine.prefillTps)} t/s, decode ${formatFigure(summary.engine.decodeTps)} t/s`,
  ],
  ['Client’s event loop', `late by ${formatFigure(summary.loopDelayP99Ms)} ms at most (p99)`],
];
