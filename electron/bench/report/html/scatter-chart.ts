import { formatFigure } from '../../../../shared/units/format.ts';
import { html, type Markup } from '../../../../shared/units/markup.ts';
import { roundTicks, scaleOf, tickText } from './axis.ts';

export interface ScatterPoint {
  readonly label: string;
  readonly x: number;
  /** Tokens per second. */
  readonly speed: number;
  readonly isMarked: boolean;
  readonly isDominated: boolean;
}

/** What the points are held against. */
export interface ScatterAxis {
  readonly title: string;
  readonly xTitle: string;
  readonly xUnit: string;
  /** Spreads small values apart and still shows 0. */
  readonly isSquareRoot: boolean;
  readonly note: string;
}

const width = 640;
const height = 340;
const frame = { left: 62, right: 24, top: 20, bottom: 46 };

/** Points no other beats in both, from left to right. */
const frontierOf = (points: readonly ScatterPoint[]): readonly ScatterPoint[] =>
  points.filter((point) => !point.isDominated).toSorted((a, b) => a.x - b.x);

const overlaps = (
  a: { x: number; y: number; width: number },
  b: { x: number; y: number; width: number },
): boolean => Math.abs(a.y - b.y) < 14 && a.x < b.x + b.width && b.x < a.x + a.width;

/** Labels right of their points, moved where they would cover each other or leave the frame. */
const placeLabels = (
  points: readonly { readonly x: number; readonly y: number; readonly label: string }[],
) => {
  const placed = points.map(({ x, y }) => ({ x: x - 9, y: y + 4, width: 18 })); // the points themselves
  return points.map(({ x, y, label }) => {
    const labelWidth = label.length * 7.2;
    const spots = [
      { x: x + 11, y: y + 4 },
      { x: x - labelWidth - 11, y: y + 4 },
      { x: x - labelWidth / 2, y: y - 12 },
      { x: x - labelWidth / 2, y: y + 22 },
    ].filter((spot) => spot.x >= frame.left && spot.x + labelWidth <= width);
    const spot = spots.find(
      (candidate) => !placed.some((other) => overlaps({ ...candidate, width: labelWidth }, other)),
    ) ??
      spots[0] ?? { x, y };
    placed.push({ ...spot, width: labelWidth });
    return spot;
  });
};

/** Decode speed over what it costs; the dashed line joins the files no other beats in both. */
export const scatterChart = (points: readonly ScatterPoint[], axis: ScatterAxis): Markup | undefined => {
  if (points.length < 2) return undefined;
  const place = axis.isSquareRoot ? Math.sqrt : (value: number) => value;
  const valueAt = (placed: number): number => (axis.isSquareRoot ? placed ** 2 : placed);
  const largest = place(Math.max(...points.map((point) => point.x))) * 1.08;
  const fastest = Math.max(...points.map((point) => point.speed)) * 1.12;
  const x = scaleOf(0, largest, frame.left, width - frame.right);
  const y = scaleOf(0, fastest, height - frame.bottom, frame.top);
  const at = (point: ScatterPoint) => ({ x: x(place(point.x)), y: y(point.speed) });
  const spots = placeLabels(points.map((point) => ({ ...at(point), label: point.label })));
  const line = frontierOf(points)
    .map((point, index) => `${index === 0 ? 'M' : 'L'}${at(point).x} ${at(point).y}`)
    .join('');
  return html`<figure>
    <figcaption>${axis.title} <span class="unit">up and to the left is better</span></figcaption>
    <svg
      viewBox="0 0 ${width} ${height}"
      role="img"
      aria-label="${axis.title}: ${points.map((point) => `${point.label} ${formatFigure(point.x)} ${axis.xUnit} ${formatFigure(point.speed)} t/s`).join(', ')}"
    >
      ${roundTicks(0, fastest).map((tick) => html`<path class="grid" d="M${frame.left} ${y(tick)}H${width - frame.right}" /><text class="tick" x="${frame.left - 8}" y="${y(tick) + 4}" text-anchor="end">${tickText(tick)}</text>`)}
      ${roundTicks(0, largest).map((tick) => html`<path class="grid" d="M${x(tick)} ${frame.top}V${height - frame.bottom}" /><text class="tick" x="${x(tick)}" y="${height - frame.bottom + 16}" text-anchor="middle">${axis.isSquareRoot ? formatFigure(valueAt(tick)) : tickText(tick)}</text>`)}
      <path class="frontier" d="${line}" />
      ${points.map((point, index) => {
        const { x: cx, y: cy } = at(point);
        const look = point.isMarked ? 'marked' : point.isDominated ? 'dominated' : 'plain';
        return html`<circle
            class="point ${look}"
            cx="${cx}"
            cy="${cy}"
            r="${point.isMarked ? 7 : 5.5}"
          /><text
            class="label${point.isMarked ? ' strong' : ''}"
            x="${spots[index]?.x ?? cx}"
            y="${spots[index]?.y ?? cy}"
            >${point.label}</text
          >`;
      })}
      <text class="tick" x="${(frame.left + width - frame.right) / 2}" y="${height - 8}" text-anchor="middle">
        ${axis.xTitle}
      </text>
      <text
        class="tick"
        transform="translate(14 ${(frame.top + height - frame.bottom) / 2}) rotate(-90)"
        text-anchor="middle"
      >
        decode, t/s
      </text>
    </svg>
    <p class="note">
      Dashed line: files that no other beats in both. Hollow: beaten by another one. ${axis.note}
    </p>
  </figure>`;
};
