import type { BenchTick, TimelinePoint } from '../../../../shared/contract/bench-tick.ts';
import type { BenchRun, Cell } from '../../../../shared/contract/bench.ts';
import type { CellRepetition } from '../../../../shared/contract/bench-live.ts';
import type { TelemetrySample } from '../../../../shared/contract/hardware.ts';
import { toGib } from '../../../../shared/units/format.ts';
import type { RunProgress } from '../../../../shared/events/reduce-run.ts';
import type { TimeBand, TimePhase } from '../../../charts/time-spec.ts';
import { createPointSeries, type PointSeries } from '../../../charts/point-series.ts';
import { phasesOf } from './run-phases.ts';

/** The lines of a run over seconds since its start. */
export interface RunLines {
  readonly tokensPerSecond: PointSeries;
  /** What each repetition came to: short tests end before a tick is due. */
  readonly repetitions: PointSeries;
  readonly ttft: PointSeries;
  readonly memory: PointSeries;
  readonly cpu: PointSeries;
  readonly power: PointSeries;
  readonly temperature: PointSeries;
  readonly clock: PointSeries;
  readonly addTick: (tick: BenchTick) => void;
  readonly addRepetition: (repetition: Repetition) => void;
  readonly addTelemetry: (sample: TelemetrySample) => void;
  /** The past, in any order. */
  readonly addAll: (points: readonly TimelinePoint[], repetitions: readonly Repetition[]) => void;
  /** Seconds since the start of the newest point. */
  readonly lastX: () => number;
  /** The phases behind the lines, as they are known now. */
  readonly bands: () => readonly TimeBand[];
  readonly setBands: (bands: readonly TimeBand[]) => void;
  /** What went on within them, as far as the lines reach. */
  readonly phases: () => readonly TimePhase[];
  readonly setProgress: (progress: Pick<RunProgress, 'loads' | 'cells' | 'spans'>) => void;
}

/** What the lines show of a repetition. */
type Repetition = Omit<CellRepetition, 'cellId'>;

/** Monotonic time at which it was over. */
const endOf = ({ startedAtMs, wallMs }: Repetition): number => startedAtMs + wallMs;

/** Ticks come five times a second while tokens come. */
const LONGEST_SILENCE_SECONDS = 2.5;

/** Half an hour of ticks at eight a second. */
const CAPACITY = 14_400;

/**
 * Ticks and telemetry carry the host's monotonic clock; cells and the run carry wall time. Every telemetry sample has
 * both, and so tells how far they are apart.
 * @param startedAtMs wall time of the run's start
 */
export const createRunLines = (startedAtMs: number): RunLines => {
  const series = () => createPointSeries(CAPACITY);
  const lines = {
    tokensPerSecond: series(),
    repetitions: series(),
    ttft: series(),
    memory: series(),
    cpu: series(),
    power: series(),
    temperature: series(),
    clock: series(),
  };
  let wallMinusMonotonicMs: number | undefined;
  /** Ticks and repetitions from before the first reading, which cannot be placed yet. */
  let waiting: (() => void)[] = [];
  let newest = 0;
  let bands: readonly TimeBand[] = [];
  let progress: Pick<RunProgress, 'loads' | 'cells' | 'spans'> = { loads: [], cells: [], spans: [] };

  const place = (atMs: number): number => {
    const x = (atMs + (wallMinusMonotonicMs ?? 0) - startedAtMs) / 1000;
    newest = Math.max(newest, x);
    return x;
  };

  // What is stored and what comes live may overlap; a point is taken once, in order of time.
  let lastTickMs = -Infinity;
  let lastTickX = Infinity;
  let lastSampleMs = -Infinity;

  /** Ticks and repetitions both tell it; a repetition ends a moment before the tick that was due is told. */
  const addMemory = (x: number, residentBytes: number | null): void => {
    const lastX = lines.memory.points.at(-1)?.x ?? -Infinity;
    lines.memory.push(Math.max(x, lastX), residentBytes === null ? null : toGib(residentBytes));
  };

  const addTick = (tick: BenchTick): void => {
    if (wallMinusMonotonicMs === undefined) {
      waiting.push(() => addTick(tick));
      return;
    }
    if (tick.atMs <= lastTickMs) return;
    lastTickMs = tick.atMs;
    const x = place(tick.atMs);
    // Between two tests nothing is generated: a gap, not a slope.
    if (x - lastTickX > LONGEST_SILENCE_SECONDS) lines.tokensPerSecond.push((lastTickX + x) / 2, null);
    lastTickX = x;
    lines.tokensPerSecond.push(x, tick.tokensPerSecond);
    for (const ttftMs of tick.ttftsMs) lines.ttft.push(x, ttftMs);
    addMemory(x, tick.residentBytes);
  };

  const addRepetition = (repetition: Repetition): void => {
    if (wallMinusMonotonicMs === undefined) {
      waiting.push(() => addRepetition(repetition));
      return;
    }
    const { values, residentBytes } = repetition;
    const x = place(endOf(repetition));
    const tokensPerSecond = values.systemTps ?? values.decodeTps ?? values.prefillTps;
    if (tokensPerSecond !== undefined) lines.repetitions.push(x, tokensPerSecond);
    if (residentBytes !== null) addMemory(x, residentBytes);
  };

  const addTelemetry = (sample: TelemetrySample): void => {
    wallMinusMonotonicMs = sample.wallMs - sample.atMs;
    const ready = waiting;
    waiting = [];
    for (const add of ready) add();
    if (sample.atMs <= lastSampleMs) return;
    lastSampleMs = sample.atMs;
    const x = place(sample.atMs);
    const [gpu] = sample.gpus;
    lines.cpu.push(x, gpu?.utilizationPercent ?? sample.cpu.utilizationPercent);
    lines.power.push(x, gpu?.powerWatts ?? sample.cpu.packagePowerWatts);
    lines.temperature.push(x, gpu?.temperatureC ?? sample.cpu.temperatureC);
    lines.clock.push(x, gpu?.coreClockMhz ?? sample.cpu.clockMhz);
  };

  return {
    ...lines,
    addTick,
    addRepetition,
    addTelemetry,
    addAll: (points, repetitions) => {
      const past = [
        ...points.flatMap(({ tick, telemetry }) => [
          ...(telemetry === null ? [] : [{ atMs: telemetry.atMs, add: () => addTelemetry(telemetry) }]),
          ...(tick === null ? [] : [{ atMs: tick.atMs, add: () => addTick(tick) }]),
        ]),
        ...repetitions.map((one) => ({ atMs: endOf(one), add: () => addRepetition(one) })),
      ];
      for (const { add } of past.toSorted((left, right) => left.atMs - right.atMs)) add();
    },
    lastX: () => newest,
    bands: () => bands.map((band) => ({ ...band, toX: Math.min(band.toX, newest) })),
    setBands: (next) => {
      bands = next;
    },
    phases: () =>
      phasesOf(progress, {
        xOfWall: (atMs) => (atMs - startedAtMs) / 1000,
        xOfMonotonic: (atMs) =>
          wallMinusMonotonicMs === undefined ? undefined : (atMs + wallMinusMonotonicMs - startedAtMs) / 1000,
      }).map((phase) => ({ ...phase, toX: Math.min(phase.toX, newest) })),
    setProgress: (next) => {
      progress = next;
    },
  };
};

const secondsAfter = (run: BenchRun, atMs: number | null): number =>
  atMs === null ? Infinity : (atMs - run.createdAtMs) / 1000;

/**
 * The phases. Models measured one after the other have a band per cell; where their repetitions take turns, the cells
 * of one test stand side by side in time, and the test is the phase. A phase that runs reaches as far as the lines do.
 */
export const bandsOf = (run: BenchRun, cells: readonly Cell[]): readonly TimeBand[] => {
  const names = new Map(run.models.map((model) => [model.modelId, model.quantization]));
  const started = cells
    .flatMap((cell) =>
      cell.startedAtMs === null
        ? []
        : [
            {
              test: cell.test,
              label: `${names.get(cell.modelId) ?? cell.modelId} ${cell.test}`,
              fromX: secondsAfter(run, cell.startedAtMs),
              toX: secondsAfter(run, cell.endedAtMs),
            },
          ],
    )
    .toSorted((left, right) => left.fromX - right.fromX);
  const takesTurns = started.some((band, index) => band.fromX < (started[index - 1]?.toX ?? -Infinity));
  if (!takesTurns) return started.map(({ label, fromX, toX }) => ({ label, fromX, toX }));
  return [...Map.groupBy(started, (band) => band.test)].map(([test, group]) => ({
    label: test,
    fromX: Math.min(...group.map((band) => band.fromX)),
    toX: Math.max(...group.map((band) => band.toX)),
  }));
};
