import { useEffect, useRef } from 'react';
import classes from './chart-figure.module.css';
import { readChartLook, type ChartLook } from './chart-look.ts';
import { usePageScheme } from './use-page-scheme.ts';

/** A drawn chart. `update` reads its data in place. */
export interface DrawnChart {
  readonly update: () => void;
  readonly destroy: () => void;
}

interface ChartCanvasProps {
  /** Draws the chart; a new function draws it anew. */
  readonly draw: (canvas: HTMLCanvasElement, look: ChartLook) => DrawnChart;
  /** Announces new data; absent for a chart that stands still. */
  readonly subscribe?: ((act: () => void) => () => void) | undefined;
  /** Read out in place of the picture. */
  readonly label: string;
  readonly heightRem: number;
}

/** Four pictures a second are live enough for eyes, and leave the processor to what is measured. */
const FRAME_MS = 250;

/** The only place where a chart meets React: makes it, redraws it at most four times a second, rests in a hidden tab. */
export const ChartCanvas = ({ draw, subscribe, label, heightRem }: ChartCanvasProps) => {
  const scheme = usePageScheme();
  const canvasRef = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const canvas = canvasRef.current;
    if (canvas === null) return undefined;
    const page = canvas.ownerDocument;
    const chart = draw(canvas, readChartLook(scheme, page.documentElement));
    let timer: ReturnType<typeof setTimeout> | undefined;

    const redraw = (): void => {
      timer = undefined;
      if (!page.hidden) chart.update();
    };
    const schedule = (): void => {
      if (!page.hidden) timer ??= setTimeout(redraw, FRAME_MS);
    };
    const stop = subscribe?.(schedule);
    page.addEventListener('visibilitychange', schedule);
    return () => {
      stop?.();
      page.removeEventListener('visibilitychange', schedule);
      clearTimeout(timer);
      chart.destroy();
    };
  }, [draw, subscribe, scheme]);

  return (
    <div className={classes.canvas} style={{ height: `${heightRem}rem` }}>
      <canvas ref={canvasRef} role="img" aria-label={label} />
    </div>
  );
};
