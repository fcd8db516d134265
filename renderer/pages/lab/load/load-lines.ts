import type { LoadStage, LoadTick } from '../../../../shared/contract/load.ts';
import { createPointSeries, type PointSeries } from '../../../charts/point-series.ts';
import { secondsTick, seriesOf, type TimeBand, type TimeChartSpec } from '../../../charts/time-spec.ts';

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
/** Four ticks: a short run fills its picture, and a long one begins calmly. */
const SHORTEST_SECONDS = 1;

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

/** One time axis for speed, waiting and open requests. */
export const loadChartSpec = (lines: LoadLines): TimeChartSpec => ({
  panels: [
    { id: 'tps', title: 'Speed, tokens per second', weight: 2 },
    { id: 'ttft', title: 'Time to first token, ms', weight: 1.4 },
    { id: 'open', title: 'Open requests', weight: 1 },
  ],
  series: [
    seriesOf(lines.tokensPerSecond, {
      label: 'Tokens per second',
      unit: 't/s',
      kind: 'line',
      panel: 'tps',
      look: 0,
    }),
    seriesOf(lines.ttft, { label: 'TTFT', unit: 'ms', kind: 'dots', panel: 'ttft', look: 1 }),
    seriesOf(lines.inFlight, { label: 'Open requests', unit: '', kind: 'line', panel: 'open', look: 2 }),
  ],
  legend: [],
  bands: lines.bands,
  xTitle: 'Time under load',
  xTick: secondsTick,
  range: () => ({ min: 0, max: Math.max(SHORTEST_SECONDS, lines.lastX()) }),
});
