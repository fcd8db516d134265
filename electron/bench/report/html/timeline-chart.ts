import type { ReportedRun } from '../../../../shared/contract/report.ts';
import { formatFigure, toGib } from '../../../../shared/units/format.ts';
import { roundTicks, scaleOf, tickText } from './axis.ts';
import { html, type Markup } from './markup.ts';

interface TimePoint {
  readonly atMs: number;
  readonly value: number;
}

const width = 1000;
const panelHeight = 96;
const frame = { left: 64, right: 16, top: 22, gap: 22, bottom: 34 };
/** More points than pixels only make the file larger. */
const maximumPoints = 900;

const thin = (points: readonly TimePoint[]): readonly TimePoint[] => {
  const every = Math.ceil(points.length / maximumPoints);
  return points.filter((_point, index) => index % every === 0);
};

/** Stretches of the tests on the monotonic clock, from the repetitions of all their cells. */
const phasesOf = ({ run, repetitions }: ReportedRun) =>
  [...Map.groupBy(run.cells, (cell) => cell.test)].flatMap(([test, cells]) => {
    const all = cells.flatMap((cell) => repetitions[cell.id] ?? []);
    if (all.length === 0) return [];
    return [
      {
        test,
        fromMs: Math.min(...all.map((one) => one.startedAtMs)),
        toMs: Math.max(...all.map((one) => one.startedAtMs + one.wallMs)),
      },
    ];
  });

interface Panel {
  readonly title: string;
  readonly points: readonly TimePoint[];
  readonly isLine: boolean;
}

const panelsOf = ({ timeline }: ReportedRun): readonly Panel[] => {
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
  const panels = panelsOf(data);
  const phases = phasesOf(data);
  if (panels.length === 0 || phases.length === 0) return undefined;
  const fromMs = Math.min(...phases.map((phase) => phase.fromMs));
  const toMs = Math.max(...phases.map((phase) => phase.toMs));
  const x = scaleOf(fromMs, toMs, frame.left, width - frame.right);
  const bottom = frame.top + panels.length * (panelHeight + frame.gap) - frame.gap;
  const seconds = roundTicks(0, (toMs - fromMs) / 1000, 8);
  const drawPanel = (panel: Panel, index: number): Markup => {
    const top = frame.top + index * (panelHeight + frame.gap);
    const inside = panel.points.filter((point) => point.atMs >= fromMs && point.atMs <= toMs);
    const highest = Math.max(...inside.map((point) => point.value), 1e-9) * 1.05;
    const y = scaleOf(0, highest, top + panelHeight, top);
    const path = inside
      .map((point, place) => `${place === 0 ? 'M' : 'L'}${x(point.atMs)} ${y(point.value)}`)
      .join('');
    return html`<g>
      ${roundTicks(0, highest, 3).map((tick) => html`<path class="grid" d="M${frame.left} ${y(tick)}H${width - frame.right}" /><text class="tick" x="${frame.left - 8}" y="${y(tick) + 4}" text-anchor="end">${tickText(tick)}</text>`)}
      <text class="tick" x="${frame.left + 4}" y="${top - 5}">${panel.title}</text>
      ${panel.isLine ? html`<path class="series" d="${path}" />` : inside.map((point) => html`<circle class="mark" cx="${x(point.atMs)}" cy="${y(point.value)}" r="1.6" />`)}
    </g>`;
  };
  return html`<figure>
    <figcaption>The run over time <span class="unit">bands: tests, warm-up included</span></figcaption>
    <svg
      viewBox="0 0 ${width} ${bottom + frame.bottom + 24}"
      role="img"
      aria-label="Speed, memory and load over the ${formatFigure((toMs - fromMs) / 1000)} seconds of the run"
    >
      ${phases.map((phase, index) => html`<rect class="band${index % 2 === 0 ? '' : ' odd'}" x="${x(phase.fromMs)}" y="${frame.top}" width="${Math.max(1, x(phase.toMs) - x(phase.fromMs))}" height="${bottom - frame.top}" /><text class="tick" x="${(x(phase.fromMs) + x(phase.toMs)) / 2}" y="${bottom + 14}" text-anchor="middle">${phase.test}</text>`)}
      ${panels.map(drawPanel)}
      ${seconds.map((tick) => html`<text class="tick" x="${x(fromMs + tick * 1000)}" y="${bottom + 32}" text-anchor="middle">${tickText(tick)}</text>`)}
      <text class="tick" x="${width - frame.right}" y="${bottom + 46}" text-anchor="end">
        seconds since the first repetition
      </text>
    </svg>
  </figure>`;
};
