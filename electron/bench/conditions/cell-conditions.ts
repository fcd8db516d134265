import { median } from 'simple-statistics';
import {
  engineTestSchema,
  type Cell,
  type Repetition,
  type RequestSample,
} from '../../../shared/contract/bench.ts';
import type { CellConditions } from '../../../shared/contract/conditions.ts';
import type { TelemetrySample } from '../../../shared/contract/hardware.ts';
import type { TimeSpan } from '../trust/time-span.ts';
import { energyOf, type MeasuredWork } from './cell-energy.ts';
import { energyReadings } from './energy-meter.ts';

/** Load of other programs at a moment of the run. */
export interface ForeignLoad {
  readonly atMs: number;
  readonly percent: number;
}

interface Seen {
  readonly cell: Pick<Cell, 'ladder' | 'workload'>;
  /** Measured repetitions, in order. */
  readonly repetitions: readonly Repetition[];
  /** Requests of them. */
  readonly samples: readonly RequestSample[];
  /** Readings of the whole run, the idle stretch before it included. */
  readonly telemetry: readonly TelemetrySample[];
  readonly foreign: readonly ForeignLoad[];
  readonly idle: TimeSpan | undefined;
  readonly usesGpu: boolean;
}

const medianOf = (values: readonly (number | null | undefined)[]): number | null => {
  const known = values.filter((value) => typeof value === 'number');
  return known.length === 0 ? null : median(known);
};

const workOf = ({
  cell,
  repetitions,
  samples,
}: Seen): MeasuredWork & { readonly phase: CellConditions['phase'] } => {
  const test = engineTestSchema.safeParse(cell.workload);
  const engineTest = cell.ladder === 'engine' && test.success ? test.data : undefined;
  const tokensOf = ({ index, values, wallMs }: Repetition): number => {
    if (engineTest === undefined) {
      const own = samples.filter(({ repetition }) => repetition === index);
      return own.reduce((sum, { outputTokens }) => sum + (outputTokens ?? 0), 0);
    }
    const speed =
      values.systemTps ?? (engineTest.kind === 'prefill' ? values.prefillTps : values.decodeTps) ?? 0;
    return Math.round((speed * wallMs) / 1000);
  };
  return {
    repetitions: repetitions.map((repetition) => ({
      index: repetition.index,
      span: { fromMs: repetition.startedAtMs, toMs: repetition.startedAtMs + repetition.wallMs },
      tokens: tokensOf(repetition),
    })),
    hasHiddenWork: (engineTest?.depth ?? 0) > 0,
    phase: engineTest?.kind ?? 'mixed',
  };
};

/** What the machine was like while the repetitions of a cell ran, energy included. Pure. */
export const cellConditions = (seen: Seen): CellConditions => {
  const work = workOf(seen);
  // models that take turns share the time: what other programs do in it, they do to all of them
  const fromMs = work.repetitions.at(0)?.span.fromMs ?? Infinity;
  const toMs = work.repetitions.at(-1)?.span.toMs ?? -Infinity;
  const isDuring = ({ atMs }: { readonly atMs: number }): boolean => atMs >= fromMs && atMs <= toMs;
  const during = seen.telemetry.filter(isDuring);
  return {
    phase: work.phase,
    energy: energyReadings(seen.telemetry, seen).map((readings) => energyOf(readings, work, seen.idle)),
    foreignCpuPercent: medianOf(seen.foreign.filter(isDuring).map(({ percent }) => percent)),
    cpuPressurePercent: medianOf(during.map(({ pressure }) => pressure?.cpuPercent)),
    memoryPressurePercent: medianOf(during.map(({ pressure }) => pressure?.memoryPercent)),
    ioPressurePercent: medianOf(during.map(({ pressure }) => pressure?.ioPercent)),
    samplerCpuShare: medianOf(during.map(({ samplerCpuShare }) => samplerCpuShare)),
    readings: during.length,
  };
};
