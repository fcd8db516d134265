import type { ChartConfiguration, Plugin, Scale } from 'chart.js';
import type { DrawnChart } from './chart-canvas.tsx';
import { Chart, fastOptions } from './chart-js.ts';
import { pick, seriesDashes, seriesMarkers, type ChartLook } from './chart-look.ts';
import { decimate } from './decimate.ts';
import { drawPhases, phaseStripPx } from './draw-phases.ts';
import { niceTicks } from './nice-ticks.ts';
import type { TimeChartSpec, TimePanel } from './time-spec.ts';
import type { Point } from './point-series.ts';

/** `1,500`, `0.25`, `5e-6`: a cost of millionths has ticks, too, and room beside its axis. */
const writeTick = (value: number): string =>
  value !== 0 && Math.abs(value) < 0.001
    ? Number(value.toPrecision(6)).toExponential()
    : value.toLocaleString('en-US', { maximumSignificantDigits: 6 });

/** A 4k screen has hardly more columns; further points cannot be seen. */
const MAX_POINTS = 1_600;

/** Distance of a panel's title from the panel's upper end. */
const TITLE_GAP_PX = 5;

/** Of an axis of a panel; fewer where there is not the room. */
const MOST_TICKS = 4;
const LINE_HEIGHT = 1.2;

/** Lines of text that the time axis takes below the panels. */
const X_AXIS_LINES = 5;

interface Font {
  readonly family: string;
  readonly size: number;
}

/** Phases behind the lines, their names above them, and each panel's title inside its own corner. */
const decoration = (spec: TimeChartSpec, look: ChartLook): Plugin => ({
  id: 'decoration',
  beforeDatasetsDraw: ({ ctx, chartArea, scales }) => {
    const axis = scales.x;
    if (axis === undefined) return;
    ctx.save();
    const stripPx = phaseStripPx(spec, look);
    const phases = spec.phases?.() ?? [];
    drawPhases(phases, look, ctx, { ...chartArea, stripPx, xOf: (value) => axis.getPixelForValue(value) });
    ctx.font = `${look.fontPx}px ${look.fontFamily}`;
    ctx.textBaseline = 'bottom';
    let freeFrom = chartArea.left;
    (spec.bands?.() ?? []).forEach((band, index) => {
      const left = Math.max(chartArea.left, axis.getPixelForValue(band.fromX));
      const right = Math.min(chartArea.right, axis.getPixelForValue(band.toX));
      if (right <= left) return;
      const hasRoom = left >= freeFrom;
      if (phases.length > 0) {
        const heightPx = stripPx + (hasRoom ? look.fontPx : 0);
        ctx.fillStyle = look.muted;
        ctx.fillRect(left, chartArea.top - heightPx, 1, heightPx);
      } else if (index % 2 === 0) {
        ctx.fillStyle = look.band;
        ctx.fillRect(left, chartArea.top, right - left, chartArea.bottom - chartArea.top);
      }
      // A name that would run into the one before it is left out; the phase list has it.
      if (!hasRoom) return;
      ctx.fillStyle = look.muted;
      ctx.fillText(band.label, left + 3, chartArea.top - stripPx - 3);
      freeFrom = left + ctx.measureText(band.label).width + 10;
    });
    ctx.restore();
  },
  afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
    ctx.save();
    ctx.font = `600 ${look.fontPx}px ${look.fontFamily}`;
    ctx.textBaseline = 'top';
    ctx.lineWidth = 3;
    ctx.strokeStyle = look.ground;
    ctx.fillStyle = look.text;
    for (const panel of spec.panels) {
      const scale = scales[panel.id];
      if (scale === undefined) continue;
      ctx.strokeText(panel.title, chartArea.left + 6, scale.top + TITLE_GAP_PX);
      ctx.fillText(panel.title, chartArea.left + 6, scale.top + TITLE_GAP_PX);
    }
    ctx.restore();
  },
});

const yAxes = (spec: TimeChartSpec, look: ChartLook, font: Font) => {
  const totalWeight = spec.panels.reduce((sum, { weight }) => sum + weight, 0);
  /** Of a panel's height, half at most: a small panel still shows its lines. An axis learns its height after its range. */
  const share = (px: number, { weight }: TimePanel, { chart }: Scale): number => {
    const panelPx = ((chart.height - X_AXIS_LINES * look.fontPx) * weight) / totalWeight;
    return Math.min(0.5, px / Math.max(1, panelPx));
  };
  return Object.fromEntries(
    // chart.js stacks from the bottom; the list reads from the top.
    spec.panels.toReversed().map((panel) => [
      panel.id,
      {
        type: 'linear' as const,
        position: 'left' as const,
        stack: 'panels',
        stackWeight: panel.weight,
        beginAtZero: true,
        bounds: 'data' as const,
        // Room above the lines for the panel's title.
        afterDataLimits: (axis: Scale) => {
          axis.max = (panel.max ?? axis.max) / (1 - share(look.fontPx + 2 * TITLE_GAP_PX, panel, axis));
        },
        // The upper end of a panel is the lower end of the one above it: only the lower one is written.
        afterBuildTicks: (axis: Scale) => {
          const highest = axis.max * (1 - share(look.fontPx, panel, axis));
          const room = Math.floor(axis.height / (look.fontPx * LINE_HEIGHT));
          const most = Math.max(2, Math.min(MOST_TICKS, room));
          axis.ticks = niceTicks(axis.min, highest, most).map((value) => ({ value }));
        },
        ticks: {
          color: look.muted,
          font,
          padding: 6,
          callback: (value: number | string) => writeTick(Number(value)),
        },
        grid: { color: look.line, tickLength: 0 },
        border: { color: look.line },
        // Equal widths let the panels' plots stand under one another.
        afterFit: (axis: Scale) => {
          axis.width = look.fontPx * 4.4;
        },
      },
    ]),
  );
};

const xAxis = (spec: TimeChartSpec, look: ChartLook, font: Font) => ({
  type: 'linear' as const,
  ...spec.range(),
  title: { display: true, text: spec.xTitle, color: look.muted, font },
  ticks: {
    color: look.muted,
    font,
    maxTicksLimit: 8,
    maxRotation: 0,
    callback: (value: number | string) => spec.xTick(Number(value)),
  },
  ...(spec.xTicks === undefined
    ? {}
    : {
        afterBuildTicks: (axis: Scale) => {
          axis.ticks = (spec.xTicks?.() ?? []).map((value) => ({ value }));
        },
      }),
  grid: { display: false },
  border: { color: look.line },
});

/** Draws panels over one time axis: lines, dots and phase bands. */
export const drawTimeChart =
  (spec: TimeChartSpec) =>
  (canvas: HTMLCanvasElement, look: ChartLook): DrawnChart => {
    const font = { family: look.fontFamily, size: look.fontPx };
    const configuration: ChartConfiguration<'line' | 'scatter', Point[]> = {
      type: 'line',
      data: {
        datasets: spec.series.map((series) => {
          const color = pick(look.series, series.look, look.text);
          const isLine = series.kind === 'line';
          return {
            label: series.label,
            yAxisID: series.panel,
            data: [...decimate(series.points(), MAX_POINTS)],
            borderColor: color,
            backgroundColor: color,
            borderWidth: 1.75,
            showLine: isLine,
            borderDash: [...pick(seriesDashes, series.look, [])],
            // A lone value between two gaps would be invisible as a line.
            pointRadius: isLine ? (series.hasMarks === true ? 1.5 : 0) : 3.5,
            pointStyle: pick(seriesMarkers, series.look, 'circle'),
          };
        }),
      },
      options: {
        ...fastOptions,
        layout: {
          padding: {
            top: (spec.bands === undefined ? 2 : look.fontPx * 1.5) + phaseStripPx(spec, look),
            right: look.fontPx * 1.6,
          },
        },
        plugins: { legend: { display: false } },
        scales: { ...yAxes(spec, look, font), x: xAxis(spec, look, font) },
      },
      plugins: [decoration(spec, look)],
    };
    const chart = new Chart(canvas, configuration);
    return {
      update: () => {
        const range = spec.range();
        const { x } = chart.options.scales ?? {};
        if (x !== undefined) Object.assign(x, range);
        spec.series.forEach((series, index) => {
          const dataset = chart.data.datasets[index];
          const visible = series.points().filter((point) => point.x >= range.min);
          if (dataset !== undefined) dataset.data = [...decimate(visible, MAX_POINTS)];
        });
        chart.update('none');
      },
      destroy: () => chart.destroy(),
    };
  };
