import type { Estimate } from '../../../../shared/contract/common.ts';
import { formatFigure } from '../../../../shared/units/format.ts';
import { html, type Markup } from '../../../../shared/units/markup.ts';
import { roundTicks, scaleOf, tickText } from './axis.ts';

export interface Bar {
  readonly label: string;
  readonly estimate: Estimate;
  /** Every measured repetition, drawn as a dot. */
  readonly values: readonly number[];
  readonly isMarked: boolean;
}

interface BarChart {
  readonly title: string;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly bars: readonly Bar[];
}

const width = 640;
const rowHeight = 34;
const top = 8;
const axisHeight = 40;
const right = 84;

/** Bars of medians with the 95 % interval, or the range where there is none, and every repetition as a dot. */
export const barChart = ({ title, unit, better, bars }: BarChart): Markup | undefined => {
  if (bars.length === 0) return undefined;
  const left = Math.min(220, 16 + Math.max(...bars.map((bar) => bar.label.length)) * 8.4);
  const highest = Math.max(...bars.flatMap((bar) => [bar.estimate.max, bar.estimate.median]));
  const ticks = roundTicks(0, highest * 1.02);
  const x = scaleOf(0, highest * 1.02, left, width - right);
  const bottom = top + bars.length * rowHeight;
  const hasInterval = bars.every((bar) => bar.estimate.ciLow !== null);
  const row = (bar: Bar, index: number): Markup => {
    const y = top + index * rowHeight;
    const { median, ciLow, ciHigh, min, max } = bar.estimate;
    const [low, high] = [ciLow ?? min, ciHigh ?? max];
    const middle = y + rowHeight / 2;
    return html`<g>
      <text class="label${bar.isMarked ? ' strong' : ''}" x="${left - 10}" y="${middle + 4}" text-anchor="end"
        >${bar.label}</text
      >
      <rect
        class="bar${bar.isMarked ? ' marked' : ''}"
        x="${left}"
        y="${y + 7}"
        width="${Math.max(1, x(median) - left)}"
        height="${rowHeight - 14}"
        rx="2"
      />
      ${bar.values.map((value) => html`<circle class="dot" cx="${x(value)}" cy="${middle}" r="2.2" />`)}
      <path
        class="whisker"
        d="M${x(low)} ${middle}H${x(high)}M${x(low)} ${middle - 5}v10M${x(high)} ${middle - 5}v10"
      />
      <text class="value" x="${x(Math.max(high, median)) + 9}" y="${middle + 4}"
        >${formatFigure(median)}</text
      >
    </g>`;
  };
  return html`<figure>
    <figcaption>${title} <span class="unit">${unit}, ${better} is better</span></figcaption>
    <svg
      viewBox="0 0 ${width} ${bottom + axisHeight}"
      role="img"
      aria-label="${title}: ${bars.map((bar) => `${bar.label} ${formatFigure(bar.estimate.median)} ${unit}`).join(', ')}"
    >
      ${ticks.map((tick) => html`<path class="grid" d="M${x(tick)} ${top}V${bottom}" /><text class="tick" x="${x(tick)}" y="${bottom + 16}" text-anchor="middle">${tickText(tick)}</text>`)}
      ${bars.map(row)}
      <text class="tick" x="${(left + width - right) / 2}" y="${bottom + 34}" text-anchor="middle">
        ${unit}
      </text>
    </svg>
    <p class="note">
      Bar: median. Line:
      ${hasInterval ? '95 % interval of the median' : '95 % interval of the median, or the whole range below 6 repetitions'}.
      Dots: repetitions.
    </p>
  </figure>`;
};
