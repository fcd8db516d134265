import type { LegendEntry } from './chart-figure.tsx';
import type { Point, PointSeries } from './point-series.ts';

/** One line or cloud of dots on a panel of the shared time axis. */
export interface TimeSeries {
  readonly label: string;
  readonly unit: string;
  readonly kind: 'line' | 'dots';
  readonly panel: string;
  /** Place in the palette, the dashes and the markers. */
  readonly look: number;
  /** Lines whose values may stand alone get a dot per value. */
  readonly hasMarks?: boolean;
  /** Read in place at every picture; x in seconds. */
  readonly points: () => readonly Point[];
}

/** One y axis of its own, stacked with the others over the same time axis. */
export interface TimePanel {
  readonly id: string;
  /** What stands on the axis, with its unit: `Memory, GiB`. */
  readonly title: string;
  readonly weight: number;
  /** Fixed upper end, e.g. 100 for percent. */
  readonly max?: number;
}

/** A phase behind the lines. */
export interface TimeBand {
  readonly fromX: number;
  readonly toX: number;
  readonly label: string;
}

/** What went on at a time: a tint behind all panels, its name in a strip above them. */
export interface TimePhase extends TimeBand {
  /** Place in the palette. */
  readonly look: number;
}

export interface TimeChartSpec {
  readonly panels: readonly TimePanel[];
  readonly series: readonly TimeSeries[];
  /** Needed only where one panel holds several lines; a panel's title names a single one. */
  readonly legend: readonly LegendEntry[];
  readonly bands?: () => readonly TimeBand[];
  /** Within the bands; the picture then tints them instead of every other band. */
  readonly phases?: () => readonly TimePhase[];
  readonly xTitle: string;
  /** The x range of the next picture, seconds. */
  readonly range: () => { readonly min: number; readonly max: number };
  /** Writes an x value. */
  readonly xTick: (x: number) => string;
  /** Where the ticks stand; round numbers when absent. */
  readonly xTicks?: () => readonly number[];
}

/** A line or a cloud of dots that is read off its growing series. */
export const seriesOf = (series: PointSeries, about: Omit<TimeSeries, 'points'>): TimeSeries => ({
  ...about,
  points: () => series.points,
});

/** Seconds as an axis writes them: `0.5 s`, `42 s`, `2:05 min`. */
export const secondsTick = (x: number): string => {
  const seconds = x < 10 ? Math.round(x * 10) / 10 : Math.round(x);
  return seconds < 60
    ? `${seconds} s`
    : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min`;
};

/** Room for every panel to be read. */
export const chartHeightRem = (spec: TimeChartSpec): number =>
  4 + spec.panels.reduce((sum, panel) => sum + panel.weight, 0) * 3.9;
