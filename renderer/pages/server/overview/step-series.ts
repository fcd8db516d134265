import { keptSteps, type EngineStep } from '../../../../shared/contract/engine-steps.ts';
import { createPointSeries, type PointSeries } from '../../../charts/point-series.ts';
import type { TimeChartSpec, TimeSeries } from '../../../charts/time-spec.ts';
import { formatFigure } from '../../../../shared/units/format.ts';

/** The newest steps of an engine as lines that a chart reads in place. */
export interface StepSeries {
  readonly spec: TimeChartSpec;
  /** Replaces what is drawn. */
  show(steps: readonly EngineStep[]): void;
  subscribe(act: () => void): () => void;
}

const toPoints = (series: PointSeries, points: readonly (readonly [x: number, y: number | null])[]): void => {
  series.clear();
  for (const [x, y] of points) series.push(x, y);
};

/** Every step is a dot at the time it ended, seconds before the newest. */
export const createStepSeries = (): StepSeries => {
  const decode = createPointSeries(keptSteps);
  const prefill = createPointSeries(keptSteps);
  const batch = createPointSeries(keptSteps);
  const watchers = new Set<() => void>();
  let firstX = -1;
  const dots = (label: string, unit: string, panel: string, look: number, from: PointSeries): TimeSeries => ({
    label,
    unit,
    kind: 'dots',
    panel,
    look,
    points: () => from.points,
  });
  return {
    spec: {
      panels: [
        { id: 'time', title: 'Step, ms', weight: 1.6 },
        { id: 'batch', title: 'Batch, sequences', weight: 1 },
      ],
      series: [
        dots('Decode', 'ms', 'time', 0, decode),
        dots('Prefill', 'ms', 'time', 1, prefill),
        dots('Decode batch', 'sequences', 'batch', 0, batch),
      ],
      legend: [
        { label: 'Decode', kind: 'dots', look: 0 },
        { label: 'Prefill', kind: 'dots', look: 1 },
      ],
      xTitle: 'Before the newest step',
      xTick: (x) => (x === 0 ? 'newest' : `${formatFigure(-x)} s`),
      // a little room, so that the dots at both ends are whole
      range: () => ({ min: firstX * 1.02, max: -firstX * 0.02 }),
      xTicks: () => [firstX, firstX / 2, 0],
    },
    show: (steps) => {
      const newestMs = steps.at(-1)?.atMs ?? 0;
      const secondsAt = ({ atMs }: EngineStep): number => (atMs - newestMs) / 1_000;
      const decodes = steps.filter(({ decoded }) => decoded > 0);
      const prefills = steps.filter(({ prefilled }) => prefilled > 0);
      toPoints(
        decode,
        decodes.map((step) => [secondsAt(step), step.tookMs]),
      );
      toPoints(
        prefill,
        prefills.map((step) => [secondsAt(step), step.tookMs]),
      );
      toPoints(
        batch,
        decodes.map((step) => [secondsAt(step), step.decoded]),
      );
      const [first] = steps;
      firstX = first === undefined ? -1 : Math.min(-0.001, secondsAt(first));
      for (const act of watchers) act();
    },
    subscribe: (act) => {
      watchers.add(act);
      return () => watchers.delete(act);
    },
  };
};
