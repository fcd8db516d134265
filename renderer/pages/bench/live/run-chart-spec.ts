import {
  secondsTick,
  seriesOf,
  type TimeChartSpec,
  type TimePanel,
  type TimeSeries,
} from '../../../charts/time-spec.ts';
import type { RunLines } from './run-lines.ts';
import { phaseLegend } from './run-phases.ts';

interface Options {
  readonly lines: RunLines;
  /** Which readings this machine has; a panel without a source is not drawn. */
  readonly has: { readonly power: boolean; readonly temperature: boolean; readonly clock: boolean };
  readonly hasGpu: boolean;
}

/** One time axis for all that moves during a run: speed, TTFT, memory, load, and what else the machine tells. */
export const runChartSpec = ({ lines, has, hasGpu }: Options): TimeChartSpec => {
  const device = hasGpu ? 'GPU' : 'CPU';
  const panels: TimePanel[] = [
    { id: 'tps', title: 'Speed, tokens per second', weight: 2.2 },
    { id: 'ttft', title: 'Time to first token, ms', weight: 1.2 },
    { id: 'memory', title: 'Engine memory, GiB', weight: 1.2 },
    { id: 'load', title: `${device} utilization, %`, weight: 1, max: 100 },
  ];
  const series: TimeSeries[] = [
    seriesOf(lines.tokensPerSecond, {
      label: 'Tokens per second',
      unit: 't/s',
      kind: 'line',
      panel: 'tps',
      look: 0,
      hasMarks: true,
    }),
    seriesOf(lines.repetitions, {
      label: 'Result of a repetition',
      unit: 't/s',
      kind: 'dots',
      panel: 'tps',
      look: 3,
    }),
    seriesOf(lines.ttft, { label: 'TTFT', unit: 'ms', kind: 'dots', panel: 'ttft', look: 1 }),
    seriesOf(lines.memory, { label: 'Engine memory', unit: 'GiB', kind: 'line', panel: 'memory', look: 2 }),
    seriesOf(lines.cpu, { label: `${device} utilization`, unit: '%', kind: 'line', panel: 'load', look: 3 }),
  ];
  if (has.power) {
    panels.push({ id: 'power', title: `${device} power, W`, weight: 1 });
    series.push(
      seriesOf(lines.power, { label: `${device} power`, unit: 'W', kind: 'line', panel: 'power', look: 4 }),
    );
  }
  if (has.clock) {
    panels.push({ id: 'clock', title: `${device} clock, MHz`, weight: 1 });
    series.push(
      seriesOf(lines.clock, { label: `${device} clock`, unit: 'MHz', kind: 'line', panel: 'clock', look: 5 }),
    );
  }
  if (has.temperature) {
    panels.push({ id: 'temperature', title: `${device} temperature, °C`, weight: 1 });
    series.push(
      seriesOf(lines.temperature, {
        label: `${device} temperature`,
        unit: '°C',
        kind: 'line',
        panel: 'temperature',
        look: 1,
      }),
    );
  }
  return {
    panels,
    series,
    legend: [
      { label: 'tokens per second, several times a second', kind: 'line', look: 0 },
      { label: 'result of a repetition', kind: 'dots', look: 3 },
      ...phaseLegend,
    ],
    bands: lines.bands,
    phases: lines.phases,
    xTitle: 'Time since start',
    xTick: secondsTick,
    range: () => ({ min: 0, max: Math.max(10, lines.lastX()) }),
  };
};
