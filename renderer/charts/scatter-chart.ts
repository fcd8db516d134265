import type { ChartConfiguration, Plugin } from 'chart.js';
import type { DrawnChart } from './chart-canvas.tsx';
import { Chart, fastOptions } from './chart-js.ts';
import type { ChartLook } from './chart-look.ts';
import { placeLabels } from './place-labels.ts';

/** A candidate: where it stands, how far it spreads, and what it is. */
export interface ScatterPoint {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  /** Smallest and largest repetition. */
  readonly yMin: number;
  readonly yMax: number;
  readonly role: 'pick' | 'base' | 'plain' | 'dominated';
  /** Where the area says something; otherwise all are alike. */
  readonly radiusPx?: number;
}

export interface ScatterSpec {
  readonly points: readonly ScatterPoint[];
  /** Ends of the best trade-off, in order of x. */
  readonly frontier: readonly { readonly x: number; readonly y: number }[];
  readonly xTitle: string;
  readonly yTitle: string;
  /** `square-root` spreads small values apart and still shows 0. */
  readonly xScale?: 'linear' | 'square-root';
  /** A dashed line at what fits, if it lies inside the picture. */
  readonly xLimit: { readonly x: number; readonly label: string } | null;
}

/** Where a value of x stands on the drawn axis, and back. */
const axisOf = ({ xScale = 'linear' }: Pick<ScatterSpec, 'xScale'>) =>
  xScale === 'linear'
    ? { place: (value: number) => value, value: (place: number) => place }
    : { place: Math.sqrt, value: (place: number) => place ** 2 };

const defaultRadiusPx = 5.5;

const radiusOf = ({ radiusPx, role }: ScatterPoint): number =>
  radiusPx ?? (role === 'pick' ? 7 : defaultRadiusPx);

const roleWords = { pick: ' ← recommended', base: ' (base)', plain: '', dominated: '' } as const;

const paint = (spec: ScatterSpec, look: ChartLook): Plugin => ({
  id: 'candidates',
  afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
    const { x: xAxis, y: yAxis } = scales;
    if (xAxis === undefined || yAxis === undefined) return;
    const { place } = axisOf(spec);
    ctx.save();
    ctx.font = `${look.fontPx * 1.08}px ${look.fontFamily}`;
    ctx.textBaseline = 'middle';
    if (spec.xLimit !== null && place(spec.xLimit.x) <= xAxis.max) {
      const x = xAxis.getPixelForValue(place(spec.xLimit.x));
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
    const texts = spec.points.map((point) => point.label + roleWords[point.role]);
    const marks = spec.points.map((point, index) => ({
      x: xAxis.getPixelForValue(place(point.x)),
      y: yAxis.getPixelForValue(point.y),
      radiusPx: radiusOf(point),
      widthPx: ctx.measureText(texts[index] ?? '').width,
    }));
    const labels = placeLabels(marks, look.fontPx * 1.3, chartArea);
    for (const point of spec.points) {
      const x = xAxis.getPixelForValue(place(point.x));
      ctx.strokeStyle = point.role === 'pick' ? look.accent : look.muted;
      ctx.lineWidth = 1.25;
      ctx.beginPath();
      ctx.moveTo(x, yAxis.getPixelForValue(point.yMin));
      ctx.lineTo(x, yAxis.getPixelForValue(point.yMax));
      ctx.stroke();
    }
    ctx.textAlign = 'left';
    ctx.lineWidth = 4;
    ctx.strokeStyle = look.ground;
    for (const [index, label] of labels.entries()) {
      const text = texts[index] ?? '';
      ctx.strokeText(text, label.x, label.y);
      ctx.fillStyle = spec.points[index]?.role === 'dominated' ? look.muted : look.text;
      ctx.fillText(text, label.x, label.y);
    }
    ctx.restore();
  },
});

/** A tick says where it stands, not how exact it is: `0.0036`, `6,000`. */
const writeTick = (value: number): string => value.toLocaleString('en-US', { maximumSignificantDigits: 3 });

/** Draws candidates over two axes with the line of the best trade-offs. */
export const drawScatterChart =
  (spec: ScatterSpec) =>
  (canvas: HTMLCanvasElement, look: ChartLook): DrawnChart => {
    const font = { family: look.fontFamily, size: look.fontPx };
    const { place, value } = axisOf(spec);
    // A mark that stands on the y axis reaches over it: the ticks keep clear of it.
    const reachPx = Math.max(
      3,
      ...spec.points.filter(({ x }) => place(x) === 0).map((one) => radiusOf(one) + 3),
    );
    const axis = (title: string, tickPaddingPx: number, valueAt?: (place: number) => number) => ({
      type: 'linear' as const,
      beginAtZero: true,
      grace: '12%',
      title: { display: true, text: title, color: look.muted, font },
      ticks: {
        color: look.muted,
        font,
        maxTicksLimit: 6,
        padding: tickPaddingPx,
        ...(valueAt && { callback: (tick: number | string) => writeTick(valueAt(Number(tick))) }),
      },
      grid: { color: look.line, tickLength: 4 },
      border: { color: look.line },
    });
    const configuration: ChartConfiguration<'scatter'> = {
      type: 'scatter',
      data: {
        datasets: [
          {
            label: 'candidates',
            data: spec.points.map(({ x, y }) => ({ x: place(x), y })),
            pointRadius: spec.points.map(radiusOf),
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
            data: spec.frontier.map(({ x, y }) => ({ x: place(x), y })),
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
        scales: {
          x: axis(spec.xTitle, 3, spec.xScale === 'square-root' ? value : undefined),
          // the bars are painted, not data: the axis must hold their ends, too
          y: {
            ...axis(spec.yTitle, reachPx),
            suggestedMax: Math.max(...spec.points.map(({ yMax }) => yMax)),
          },
        },
      },
      plugins: [paint(spec, look)],
    };
    const chart = new Chart(canvas, configuration);
    return { update: () => chart.update('none'), destroy: () => chart.destroy() };
  };
