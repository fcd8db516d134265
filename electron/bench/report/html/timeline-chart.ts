import type { ReportedRun } from '../../../../shared/contract/report.ts';
import { formatFigure, toGib } from '../../../../shared/units/format.ts';
import { html, type Markup } from '../../../../shared/units/markup.ts';
import { thin, timeAxis, type TimePanel, type TimePhase } from './time-axis.ts';

/** Stretches of the tests on the monotonic clock, from the repetitions of all their cells. */
const phasesOf = ({ run, repetitions }: ReportedRun): readonly TimePhase[] =>
  [...Map.groupBy(run.cells, (cell) => cell.test)].flatMap(([test, cells]) => {
    const all = cells.flatMap((cell) => repetitions[cell.id] ?? []);
    if (all.length === 0) return [];
    return [
      {
        name: test,
        fromMs: Math.min(...all.map((one) => one.startedAtMs)),
        toMs: Math.max(...all.map((one) => one.startedAtMs + one.wallMs)),
      },
    ];
  });

const panelsOf = ({ timeline }: ReportedRun): readonly TimePanel[] => {
  const ticks = timeline.flatMap((point) => point.tick ?? []);
  const telemetry = timeline.flatMap((point) => point.telemetry ?? []);
  const series = <T>(items: readonly T[], read: (item: T) => { atMs: number; value: number | null }) =>
    thin(
      items.flatMap((item) => {
        const { atMs, value } = read(item);
        return value === null ? [] : [{ atMs, value }];
      }),
    );
  return [
    {
      title: 'tokens per second',
      isLine: false,
      points: series(ticks, (tick) => ({ atMs: tick.atMs, value: tick.tokensPerSecond })),
    },
    {
      title: 'engine memory, GiB',
      isLine: false,
      points: series(ticks, (tick) => ({
        atMs: tick.atMs,
        value: tick.residentBytes === null ? null : toGib(tick.residentBytes),
      })),
    },
    {
      title: 'processor, %',
      isLine: true,
      points: series(telemetry, (one) => ({ atMs: one.atMs, value: one.cpu.utilizationPercent })),
    },
    {
      title: 'GPU power, W',
      isLine: true,
      points: series(telemetry, (one) => ({ atMs: one.atMs, value: one.gpus[0]?.powerWatts ?? null })),
    },
    {
      title: 'processor power, W',
      isLine: true,
      points: series(telemetry, (one) => ({ atMs: one.atMs, value: one.cpu.packagePowerWatts })),
    },
  ].filter((panel) => panel.points.length > 1);
};

/** What happened when: one time axis for speed, memory, processor and power, with the tests as bands. */
export const timelineChart = (data: ReportedRun): Markup | undefined => {
  const phases = phasesOf(data);
  const spanMs =
    Math.max(...phases.map(({ toMs }) => toMs)) - Math.min(...phases.map(({ fromMs }) => fromMs));
  return timeAxis({
    caption: html`The run over time <span class="unit">bands: tests, warm-up included</span>`,
    label: `Speed, memory and load over the ${formatFigure(spanMs / 1000)} seconds of the run`,
    xTitle: 'seconds since the first repetition',
    panels: panelsOf(data),
    phases,
  });
};
