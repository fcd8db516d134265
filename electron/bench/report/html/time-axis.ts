import { html, type Markup } from '../../../../shared/units/markup.ts';
import { roundTicks, scaleOf, tickText } from './axis.ts';

export interface TimePoint {
  readonly atMs: number;
  readonly value: number;
}

export interface TimePanel {
  readonly title: string;
  readonly points: readonly TimePoint[];
  readonly isLine: boolean;
}

/** A stretch of time with a name, drawn as a band. */
export interface TimePhase {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const width = 1000;
const panelHeight = 96;
const frame = { left: 64, right: 16, top: 22, gap: 22, bottom: 34 };
/** More points than pixels only make the file larger. */
const maximumPoints = 900;

export const thin = (points: readonly TimePoint[]): readonly TimePoint[] => {
  const every = Math.ceil(points.length / maximumPoints);
  return points.filter((_point, index) => index % every === 0);
};

interface TimeAxisParts {
  readonly caption: Markup;
  readonly label: string;
  readonly xTitle: string;
  readonly panels: readonly TimePanel[];
  readonly phases: readonly TimePhase[];
}

/** One time axis for all panels, with the phases as bands; nothing where there is nothing to draw. */
export const timeAxis = ({ caption, label, xTitle, panels, phases }: TimeAxisParts): Markup | undefined => {
  if (panels.length === 0 || phases.length === 0) return undefined;
  const fromMs = Math.min(...phases.map((phase) => phase.fromMs));
  const toMs = Math.max(...phases.map((phase) => phase.toMs));
  const x = scaleOf(fromMs, toMs, frame.left, width - frame.right);
  const bottom = frame.top + panels.length * (panelHeight + frame.gap) - frame.gap;
  const seconds = roundTicks(0, (toMs - fromMs) / 1000, 8);
  const drawPanel = (panel: TimePanel, index: number): Markup => {
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
    <figcaption>${caption}</figcaption>
    <svg viewBox="0 0 ${width} ${bottom + frame.bottom + 24}" role="img" aria-label="${label}">
      ${phases.map((phase, index) => html`<rect class="band${index % 2 === 0 ? '' : ' odd'}" x="${x(phase.fromMs)}" y="${frame.top}" width="${Math.max(1, x(phase.toMs) - x(phase.fromMs))}" height="${bottom - frame.top}" /><text class="tick" x="${(x(phase.fromMs) + x(phase.toMs)) / 2}" y="${bottom + 14}" text-anchor="middle">${phase.name}</text>`)}
      ${panels.map(drawPanel)}
      ${seconds.map((tick) => html`<text class="tick" x="${x(fromMs + tick * 1000)}" y="${bottom + 32}" text-anchor="middle">${tickText(tick)}</text>`)}
      <text class="tick" x="${width - frame.right}" y="${bottom + 46}" text-anchor="end">${xTitle}</text>
    </svg>
  </figure>`;
};
