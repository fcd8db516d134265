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
  const spans = repetitions.map(({ startedAtMs, wallMs }) => ({
    fromMs: startedAtMs,
    toMs: startedAtMs + wallMs,
  }));
  const test = engineTestSchema.safeParse(cell.workload);
  if (cell.ladder === 'engine' && test.success) {
    const { kind, depth } = test.data;
    const tokens = repetitions.reduce((sum, { values, wallMs }) => {
      const speed = values.systemTps ?? (kind === 'prefill' ? values.prefillTps : values.decodeTps);
      return sum + ((speed ?? 0) * wallMs) / 1000;
    }, 0);
    return { spans, tokens: Math.round(tokens), hasHiddenWork: depth > 0, phase: kind };
  }
  const tokens = samples.reduce((sum, { outputTokens }) => sum + (outputTokens ?? 0), 0);
  return { spans, tokens, hasHiddenWork: false, phase: 'mixed' };
};

/** What the machine was like while the repetitions of a cell ran, energy included. Pure. */
export const cellConditions = (seen: Seen): CellConditions => {
  const work = workOf(seen);
  // models that take turns share the time: what other programs do in it, they do to all of them
  const fromMs = work.spans.at(0)?.fromMs ?? Infinity;
  const toMs = work.spans.at(-1)?.toMs ?? -Infinity;
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
