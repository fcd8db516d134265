import type { ChartConfiguration } from 'chart.js';
import type { DrawnChart } from './chart-canvas.tsx';
import { Chart, fastOptions } from './chart-js.ts';
import { pick, seriesDashes, seriesMarkers, type ChartLook } from './chart-look.ts';

/** One line: a value per percentile, in the order of the axis. */
export interface PercentileSeries {
  readonly label: string;
  readonly values: readonly number[];
}

export interface PercentileSpec {
  /** Names on the x axis, evenly spaced. */
  readonly percentiles: readonly string[];
  readonly series: readonly PercentileSeries[];
  readonly xTitle: string;
  readonly yTitle: string;
}

/** Values this small are one with zero at single precision; a logarithmic axis has no place for zero itself. */
const floor = 1e-7;

/** Draws percentiles as lines over evenly spaced names, the values on a logarithmic axis. */
export const drawPercentileChart =
  ({ percentiles, series, xTitle, yTitle }: PercentileSpec) =>
  (canvas: HTMLCanvasElement, look: ChartLook): DrawnChart => {
    const font = { family: look.fontFamily, size: look.fontPx };
    const title = (text: string) => ({ display: true, text, color: look.muted, font });
    const configuration: ChartConfiguration<'line'> = {
      type: 'line',
      data: {
        datasets: series.map(({ label, values }, index) => ({
          label,
          data: values.map((value, x) => ({ x, y: Math.max(floor, value) })),
          borderColor: pick(look.series, index, look.accent),
          backgroundColor: pick(look.series, index, look.accent),
          borderDash: [...pick(seriesDashes, index, [])],
          borderWidth: 1.75,
          pointRadius: 3.5,
          clip: 8, // the first and the last marker stand on the frame
          pointStyle: pick(seriesMarkers, index, 'circle'),
        })),
      },
      options: {
        ...fastOptions,
        layout: { padding: { top: 4, right: 8 } },
        plugins: { legend: { display: false } },
        scales: {
          x: {
            type: 'linear',
            min: 0,
            max: percentiles.length - 1,
            title: title(xTitle),
            ticks: {
              color: look.muted,
              font,
              stepSize: 1,
              callback: (value) => percentiles[Number(value)] ?? '',
            },
            grid: { color: look.line, tickLength: 4 },
            border: { color: look.line },
          },
          y: {
            type: 'logarithmic',
            title: title(yTitle),
            ticks: {
              color: look.muted,
              font,
              // powers of ten alone: every label between them would overlap its neighbours
              callback: (value) => (Number.isInteger(Math.log10(Number(value))) ? String(value) : ''),
            },
            grid: { color: look.line, tickLength: 4 },
            border: { color: look.line },
          },
        },
      },
    };
    const chart = new Chart(canvas, configuration);
    return { update: () => chart.update('none'), destroy: () => chart.destroy() };
  };
