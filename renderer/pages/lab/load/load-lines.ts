import type { LoadStage, LoadTick } from '../../../../shared/contract/load.ts';
import { createPointSeries, type PointSeries } from '../../../charts/point-series.ts';
import type { TimeBand, TimeChartSpec } from '../../../charts/time-spec.ts';

/** The lines of a load run over seconds since its first tick. */
export interface LoadLines {
  readonly tokensPerSecond: PointSeries;
  readonly ttft: PointSeries;
  readonly inFlight: PointSeries;
  readonly add: (tick: LoadTick) => void;
  readonly lastX: () => number;
  readonly bands: () => readonly TimeBand[];
  readonly nameStages: (stages: readonly LoadStage[]) => void;
}

/** An hour of ticks at four a second. */
const CAPACITY = 14_400;
/** A stage that was stopped is gone on with at once: the time in between is no load. */
const LONGEST_GAP_SECONDS = 2;

export const createLoadLines = (): LoadLines => {
  const lines = {
    tokensPerSecond: createPointSeries(CAPACITY),
    ttft: createPointSeries(CAPACITY),
    inFlight: createPointSeries(CAPACITY),
  };
  const spans = new Map<number, { fromX: number; toX: number }>();
  let names: ReadonlyMap<number, string> = new Map();
  let lastMs: number | undefined;
  let x = 0;

  return {
    ...lines,
    add: (tick) => {
      if (lastMs !== undefined) {
        const passed = (tick.atMs - lastMs) / 1000;
        // another process, or a machine that was started anew, has another clock
        x += passed > 0 ? Math.min(passed, LONGEST_GAP_SECONDS) : 0.25;
      }
      lastMs = tick.atMs;
      lines.tokensPerSecond.push(x, tick.tokensPerSecond);
      lines.inFlight.push(x, tick.inFlight);
      for (const ttft of tick.ttftsMs) lines.ttft.push(x, ttft);
      const span = spans.get(tick.stage);
      spans.set(tick.stage, { fromX: span?.fromX ?? x, toX: x });
    },
    lastX: () => x,
    bands: () => [...spans].map(([stage, { fromX, toX }]) => ({ fromX, toX, label: names.get(stage) ?? '' })),
    nameStages: (stages) => {
      names = new Map(stages.map(({ index, name }) => [index, name]));
    },
  };
};

const clock = (seconds: number): string =>
  seconds < 60
    ? `${Math.round(seconds)} s`
    : `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')} min`;

/** One time axis for speed, waiting and open requests. */
export const loadChartSpec = (lines: LoadLines): TimeChartSpec => ({
  panels: [
    { id: 'tps', title: 'Speed, tokens per second', weight: 2 },
    { id: 'ttft', title: 'Time to first token, ms', weight: 1.4 },
    { id: 'open', title: 'Open requests', weight: 1 },
  ],
  series: [
    {
      label: 'Tokens per second',
      unit: 't/s',
      kind: 'line',
      panel: 'tps',
      look: 0,
      points: () => lines.tokensPerSecond.points,
    },
    { label: 'TTFT', unit: 'ms', kind: 'dots', panel: 'ttft', look: 1, points: () => lines.ttft.points },
    {
      label: 'Open requests',
      unit: '',
      kind: 'line',
      panel: 'open',
      look: 2,
      points: () => lines.inFlight.points,
    },
  ],
  legend: [],
  bands: lines.bands,
  xTitle: 'Time under load',
  xTick: clock,
  range: () => ({ min: 0, max: Math.max(5, lines.lastX()) }),
});
