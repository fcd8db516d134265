import type { ChartConfiguration, Plugin } from 'chart.js';
import type { DrawnChart } from './chart-canvas.tsx';
import { Chart, fastOptions } from './chart-js.ts';
import type { ChartLook } from './chart-look.ts';

/** A candidate: where it stands, how far it spreads, and what it is. */
export interface ScatterPoint {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  /** Smallest and largest repetition. */
  readonly yMin: number;
  readonly yMax: number;
  readonly role: 'pick' | 'base' | 'plain' | 'dominated';
}

export interface ScatterSpec {
  readonly points: readonly ScatterPoint[];
  /** Ends of the best trade-off, in order of x. */
  readonly frontier: readonly { readonly x: number; readonly y: number }[];
  readonly xTitle: string;
  readonly yTitle: string;
  /** A dashed line at what fits, if it lies inside the picture. */
  readonly xLimit: { readonly x: number; readonly label: string } | null;
}

const roleWords = { pick: ' ← recommended', base: ' (base)', plain: '', dominated: '' } as const;

const paint = (spec: ScatterSpec, look: ChartLook): Plugin => ({
  id: 'candidates',
  afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
    const { x: xAxis, y: yAxis } = scales;
    if (xAxis === undefined || yAxis === undefined) return;
    ctx.save();
    ctx.font = `${look.fontPx * 1.08}px ${look.fontFamily}`;
    ctx.textBaseline = 'middle';
    if (spec.xLimit !== null && spec.xLimit.x <= xAxis.max) {
      const x = xAxis.getPixelForValue(spec.xLimit.x);
      ctx.setLineDash([5, 4]);
      ctx.strokeStyle = look.muted;
      ctx.beginPath();
      ctx.moveTo(x, chartArea.top);
      ctx.lineTo(x, chartArea.bottom);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.fillStyle = look.muted;
      ctx.textAlign = 'right';
      ctx.fillText(spec.xLimit.label, x - 6, chartArea.top + 8);
    }
    for (const point of spec.points) {
      const x = xAxis.getPixelForValue(point.x);
      const y = yAxis.getPixelForValue(point.y);
      ctx.strokeStyle = point.role === 'pick' ? look.accent : look.muted;
      ctx.lineWidth = 1.25;
      ctx.beginPath();
      ctx.moveTo(x, yAxis.getPixelForValue(point.yMin));
      ctx.lineTo(x, yAxis.getPixelForValue(point.yMax));
      ctx.stroke();
      const text = point.label + roleWords[point.role];
      const isLeft = x + 12 + ctx.measureText(text).width > chartArea.right;
      ctx.textAlign = isLeft ? 'right' : 'left';
      ctx.lineWidth = 4;
      ctx.strokeStyle = look.ground;
      ctx.strokeText(text, isLeft ? x - 11 : x + 11, y);
      ctx.fillStyle = point.role === 'dominated' ? look.muted : look.text;
      ctx.fillText(text, isLeft ? x - 11 : x + 11, y);
    }
    ctx.restore();
  },
});

/** Draws candidates over two axes with the line of the best trade-offs. */
export const drawScatterChart =
  (spec: ScatterSpec) =>
  (canvas: HTMLCanvasElement, look: ChartLook): DrawnChart => {
    const font = { family: look.fontFamily, size: look.fontPx };
    const axis = (title: string) => ({
      type: 'linear' as const,
      beginAtZero: true,
      grace: '12%',
      title: { display: true, text: title, color: look.muted, font },
      ticks: { color: look.muted, font, maxTicksLimit: 6 },
      grid: { color: look.line, tickLength: 4 },
      border: { color: look.line },
    });
    const configuration: ChartConfiguration<'scatter'> = {
      type: 'scatter',
      data: {
        datasets: [
          {
            label: 'candidates',
            data: spec.points.map(({ x, y }) => ({ x, y })),
            pointRadius: spec.points.map((point) => (point.role === 'pick' ? 7 : 5.5)),
            pointStyle: spec.points.map((point) =>
              point.role === 'base' ? 'rect' : point.role === 'dominated' ? 'crossRot' : 'circle',
            ),
            pointBackgroundColor: spec.points.map((point) =>
              point.role === 'pick' ? look.accent : look.muted,
            ),
            pointBorderColor: spec.points.map((point) => (point.role === 'pick' ? look.accent : look.muted)),
            pointBorderWidth: 2,
          },
          {
            label: 'frontier',
            data: [...spec.frontier],
            showLine: true,
            pointRadius: 0,
            borderColor: look.accent,
            borderWidth: 1.25,
            borderDash: [2, 3],
          },
        ],
      },
      options: {
        ...fastOptions,
        layout: { padding: { top: 4, right: 8 } },
        plugins: { legend: { display: false } },
        scales: { x: axis(spec.xTitle), y: axis(spec.yTitle) },
      },
      plugins: [paint(spec, look)],
    };
    const chart = new Chart(canvas, configuration);
    return { update: () => chart.update('none'), destroy: () => chart.destroy() };
  };
