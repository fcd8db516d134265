import { PHASE_ALPHA, pick, STRIP_ALPHA, type ChartLook } from './chart-look.ts';
import type { TimeChartSpec, TimePhase } from './time-spec.ts';

/** The picture's plot, in pixels of the canvas. */
interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly stripPx: number;
  readonly xOf: (value: number) => number;
}

/** Height of the strip with the phases' names; nothing where a chart has none. */
export const phaseStripPx = (spec: TimeChartSpec, look: ChartLook): number =>
  spec.phases === undefined ? 0 : look.fontPx * 1.5;

/** Tints every phase behind the lines and names it above them, where there is room for its name. */
export const drawPhases = (
  phases: readonly TimePhase[],
  look: ChartLook,
  ctx: CanvasRenderingContext2D,
  { left, right, top, bottom, stripPx, xOf }: Plot,
): void => {
  ctx.font = `${look.fontPx}px ${look.fontFamily}`;
  ctx.textBaseline = 'middle';
  for (const phase of phases) {
    const from = Math.max(left, xOf(phase.fromX));
    const width = Math.min(right, xOf(phase.toX)) - from;
    if (width <= 0) continue;
    ctx.fillStyle = pick(look.series, phase.look, look.text);
    ctx.globalAlpha = PHASE_ALPHA;
    ctx.fillRect(from, top, width, bottom - top);
    ctx.globalAlpha = STRIP_ALPHA;
    ctx.fillRect(from, top - stripPx, width, stripPx);
    ctx.globalAlpha = 1;
    ctx.fillRect(from, top - 2, width, 2);
    if (ctx.measureText(phase.label).width + 6 > width) continue;
    ctx.fillStyle = look.text;
    ctx.fillText(phase.label, from + 3, top - stripPx / 2 - 1);
  }
};
