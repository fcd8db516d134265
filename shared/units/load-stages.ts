import type { LoadStage, LoadSummary } from '../contract/load.ts';
import { commonMarks } from './events-as-tokens.ts';
import { formatCount, formatFigure, UNKNOWN } from './format.ts';

export interface StageColumn {
  readonly head: string;
  readonly isNumeric: boolean;
  readonly cell: (stage: LoadStage) => string;
}

const figure = (head: string, pick: (summary: LoadSummary) => number | null): StageColumn => ({
  head,
  isNumeric: true,
  cell: ({ summary }) => (summary === null ? UNKNOWN : formatFigure(pick(summary))),
});

const goodputText = ({ summary }: LoadStage): string => {
  const goodput = summary?.goodput ?? null;
  return goodput === null || goodput.attempted === 0
    ? UNKNOWN
    : `${formatFigure((goodput.good / goodput.attempted) * 100)} %`;
};

/** Stage beside stage as text: what more load costs. Latencies count from the intended send where there was one. */
export const stageColumns = (stages: readonly LoadStage[]): readonly StageColumn[] => {
  const marks = commonMarks(stages.map(({ summary }) => summary));
  return [
    { head: 'stage', isNumeric: false, cell: ({ name }) => name },
    { head: 'state', isNumeric: false, cell: ({ state }) => state },
    {
      head: 'requests',
      isNumeric: true,
      cell: ({ summary }) =>
        summary === null ? UNKNOWN : `${formatCount(summary.finished)}/${formatCount(summary.attempted)}`,
    },
    figure('TTFT p50 ms', (summary) => summary.ttftScheduledMs.p50),
    figure('p95', (summary) => summary.ttftScheduledMs.p95),
    figure(`TPOT p50 ms${marks.tpot}`, (summary) => summary.tpotMs.p50),
    figure(`decode t/s${marks.tps}`, (summary) => summary.decodeTps),
    figure(`system t/s${marks.tps}`, (summary) => summary.systemTps),
    figure('requests/s', (summary) => summary.requestsPerSecond),
    ...(stages.some(({ summary }) => (summary?.goodput ?? null) !== null)
      ? [{ head: 'goodput', isNumeric: true, cell: goodputText }]
      : []),
    {
      head: 'waiting',
      isNumeric: false,
      cell: ({ summary }) => (summary?.isOverSaturated === true ? 'rises' : ''),
    },
  ];
};
