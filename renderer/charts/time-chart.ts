import type { ChartConfiguration, Plugin } from 'chart.js';
import type { DrawnChart } from './chart-canvas.tsx';
import { Chart, fastOptions } from './chart-js.ts';
import { pick, seriesDashes, seriesMarkers, type ChartLook } from './chart-look.ts';
import { decimate } from './decimate.ts';
import type { Point } from './point-series.ts';

/** One line or cloud of dots on a panel of the shared time axis. */
export interface TimeSeries {
  readonly label: string;
  readonly unit: string;
  readonly kind: 'line' | 'dots';
  readonly panel: string;
  readonly look: number;
  /** Read in place at every picture; x in seconds. */
  readonly points: () => readonly Point[];
}

/** One y axis of its own, stacked with the others over the same time axis. */
export interface TimePanel {
  readonly id: string;
  /** With its unit: `Memory (GiB)`. */
  readonly title: string;
  readonly weight: number;
  /** Fixed upper end, e.g. 100 for percent. */
  readonly max?: number;
}

/** A phase behind the lines. */
export interface TimeBand {
  readonly fromX: number;
  readonly toX: number;
  readonly label: string;
}

export interface TimeChartSpec {
  readonly panels: readonly TimePanel[];
  readonly series: readonly TimeSeries[];
  readonly bands?: () => readonly TimeBand[];
  readonly xTitle: string;
  /** The x range of the next picture, seconds. */
  readonly range: () => { readonly min: number; readonly max: number };
  /** Writes an x value as a tick. */
  readonly xTick?: (x: number) => string;
}

/** Pixels per second of a 4k screen are fewer than this; more points cannot be seen. */
const MAX_POINTS = 1_600;

const bandPlugin = (spec: TimeChartSpec, look: ChartLook): Plugin => ({
  id: 'bands',
  beforeDatasetsDraw: ({ ctx, chartArea, scales }) => {
    const axis = scales['x'];
    if (axis === undefined || spec.bands === undefined) return;
    ctx.save();
    ctx.font = `${look.fontPx}px ${look.fontFamily}`;
    ctx.textBaseline = 'top';
    spec.bands().forEach((band, index) => {
      const left = Math.max(chartArea.left, axis.getPixelForValue(band.fromX));
      const right = Math.min(chartArea.right, axis.getPixelForValue(band.toX));
      if (right <= left) return;
      if (index % 2 === 0) {
        ctx.fillStyle = look.band;
        ctx.fillRect(left, chartArea.top, right - left, chartArea.bottom - chartArea.top);
      }
      if (ctx.measureText(band.label).width > right - left - 6) return;
      ctx.fillStyle = look.muted;
      ctx.fillText(band.label, left + 4, chartArea.top + 3);
    });
    ctx.restore();
  },
});

const yAxes = (spec: TimeChartSpec, look: ChartLook, font: { family: string; size: number }) =>
  Object.fromEntries(
    // chart.js stacks from the bottom; the list reads from the top.
    spec.panels.toReversed().map((panel) => [
      panel.id,
      {
        type: 'linear' as const,
        position: 'left' as const,
        stack: 'panels',
        stackWeight: panel.weight,
        beginAtZero: true,
        grace: '8%',
        ...(panel.max === undefined ? {} : { max: panel.max, grace: 0 }),
        title: { display: true, text: panel.title, color: look.muted, font },
        ticks: { color: look.muted, font, maxTicksLimit: 4, padding: 6 },
        grid: { color: look.line, tickLength: 0 },
        border: { color: look.line },
        // Equal widths let the panels' plots stand under one another.
        afterFit: (axis: { width: number }) => {
          axis.width = look.fontPx * 5.6;
        },
      },
    ]),
  );

/** Draws panels over one time axis: lines, dots and phase bands. */
export const drawTimeChart =
  (spec: TimeChartSpec) =>
  (canvas: HTMLCanvasElement, look: ChartLook): DrawnChart => {
    const font = { family: look.fontFamily, size: look.fontPx };
    const range = spec.range();
    const xAxis = {
      type: 'linear' as const,
      min: range.min,
      max: range.max,
      title: { display: true, text: spec.xTitle, color: look.muted, font },
      ticks: {
        color: look.muted,
        font,
        maxTicksLimit: 8,
        maxRotation: 0,
        callback: (value: number | string) => (spec.xTick ?? String)(Number(value)),
      },
      grid: { display: false },
      border: { color: look.line },
    };
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
            pointRadius: isLine ? 0 : 3.5,
            pointStyle: pick(seriesMarkers, series.look, 'circle'),
          };
        }),
      },
      options: {
        ...fastOptions,
        plugins: { legend: { display: false } },
        scales: { ...yAxes(spec, look, font), x: xAxis },
      },
      plugins: [bandPlugin(spec, look)],
    };
    const chart = new Chart(canvas, configuration);
    return {
      update: () => {
        const { min, max } = spec.range();
        xAxis.min = min;
        xAxis.max = max;
        const { x } = chart.options.scales ?? {};
        if (x !== undefined) Object.assign(x, { min, max });
        spec.series.forEach((series, index) => {
          const dataset = chart.data.datasets[index];
          const visible = series.points().filter((point) => point.x >= min);
          if (dataset !== undefined) dataset.data = [...decimate(visible, MAX_POINTS)];
        });
        chart.update('none');
      },
      destroy: () => chart.destroy(),
    };
  };
