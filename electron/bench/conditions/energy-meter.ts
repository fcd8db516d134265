import type { TelemetrySample } from '../../../shared/contract/hardware.ts';
import type { TimeSpan } from '../trust/time-span.ts';

/** Energy used up to a moment, as far as readings tell. */
export interface EnergyPoint {
  readonly atMs: number;
  readonly joules: number;
}

/** Readings of one device over time. */
export interface DeviceReadings {
  readonly device: string;
  readonly method: 'counter' | 'power readings';
  readonly source: string;
  /** Running total, joules, in order of time; where it falls, the counter began anew. */
  readonly points: readonly EnergyPoint[];
  /** Why there are no points; `null` where there are. */
  readonly reason: string | null;
}

/** What one sample tells of a device: a counter, a power, or neither. */
interface DeviceSample {
  readonly atMs: number;
  readonly counterJoules: number | null;
  readonly watts: number | null;
  readonly source: string | undefined;
  readonly reason: string | undefined;
}

/** From a counter, as it stands. */
const counterPoints = (samples: readonly DeviceSample[]): readonly EnergyPoint[] =>
  samples.flatMap(({ atMs, counterJoules }) =>
    counterJoules === null ? [] : [{ atMs, joules: counterJoules }],
  );

/** From power readings: the area under them, by the trapezoidal rule. */
const integrate = (samples: readonly DeviceSample[]): readonly EnergyPoint[] => {
  const known = samples.flatMap(({ atMs, watts }) => (watts === null ? [] : [{ atMs, watts }]));
  let joules = 0;
  return known.map(({ atMs, watts }, index) => {
    const before = known[index - 1];
    if (before !== undefined) joules += ((before.watts + watts) / 2) * ((atMs - before.atMs) / 1000);
    return { atMs, joules };
  });
};

const readingsOf = (device: string, samples: readonly DeviceSample[]): DeviceReadings => {
  const source = samples.findLast((sample) => sample.source !== undefined)?.source ?? 'unknown';
  const reason = samples.findLast((sample) => sample.reason !== undefined)?.reason;
  if (samples.some(({ counterJoules }) => counterJoules !== null)) {
    return { device, method: 'counter', source, points: counterPoints(samples), reason: null };
  }
  const points = integrate(samples);
  return points.length === 0
    ? { device, method: 'power readings', source, points, reason: reason ?? 'nothing was read' }
    : { device, method: 'power readings', source, points, reason: null };
};

/**
 * The energy readings of every device the model runs on: always the CPU package, the boards only where layers lie on a
 * GPU. Pure.
 */
export const energyReadings = (
  samples: readonly TelemetrySample[],
  { usesGpu }: { readonly usesGpu: boolean },
): readonly DeviceReadings[] => {
  const cpu = samples.map(
    ({ atMs, cpu: { packageEnergyJoules, packagePowerWatts }, sources, reasons }): DeviceSample => ({
      atMs,
      counterJoules: packageEnergyJoules,
      watts: packagePowerWatts,
      source: sources['cpu.packageEnergyJoules'] ?? sources['cpu.packagePowerWatts'],
      reason: reasons['cpu.packageEnergyJoules'],
    }),
  );
  const ids = usesGpu ? new Set(samples.flatMap(({ gpus }) => gpus.map(({ id }) => id))) : new Set<string>();
  const boards = [...ids].map((id) =>
    readingsOf(
      `GPU board ${id}`,
      samples.flatMap(({ atMs, gpus, sources, reasons }): DeviceSample[] => {
        const index = gpus.findIndex((gpu) => gpu.id === id);
        const gpu = gpus[index];
        if (gpu === undefined) return [];
        const path = `gpus.${index}`;
        return [
          {
            atMs,
            counterJoules: gpu.energyJoules ?? null,
            watts: gpu.powerWatts,
            source: sources[`${path}.energyJoules`] ?? sources[`${path}.powerWatts`],
            reason: reasons[`${path}.powerWatts`],
          },
        ];
      }),
    ),
  );
  return [readingsOf('CPU package', cpu), ...boards];
};

/** A longer hole between two readings is not bridged: what happened in it is unknown. */
const longestGapMs = 3000;

/** Energy up to `atMs` between the two readings around it; `undefined` outside of them, or in a hole. */
const totalAt = (points: readonly EnergyPoint[], atMs: number): number | undefined => {
  const after = points.findIndex((point) => point.atMs >= atMs);
  const [left, right] = [points[after - 1], points[after]];
  if (right?.atMs === atMs) return right.joules;
  if (left === undefined || right === undefined || right.atMs - left.atMs > longestGapMs) return undefined;
  return left.joules + ((right.joules - left.joules) * (atMs - left.atMs)) / (right.atMs - left.atMs);
};

/** Whether the counter began anew around or in a stretch: what it counted until then is lost. */
export const beganAnew = (points: readonly EnergyPoint[], { fromMs, toMs }: TimeSpan): boolean => {
  const first = points.findLastIndex(({ atMs }) => atMs <= fromMs);
  const end = points.findIndex(({ atMs }) => atMs >= toMs);
  const around = points.slice(Math.max(0, first), end === -1 ? points.length : end + 1);
  return around.some((point, index) => point.joules < (around[index - 1]?.joules ?? -Infinity));
};

/** Whether the sensor told nothing for longer than is bridged, in a stretch or across one of its ends. */
export const hasHole = (points: readonly EnergyPoint[], { fromMs, toMs }: TimeSpan): boolean =>
  points.some((point, index) => {
    const before = points[index - 1];
    return (
      before !== undefined &&
      point.atMs - before.atMs > longestGapMs &&
      before.atMs < toMs &&
      point.atMs > fromMs
    );
  });

/** Joules used in a stretch of time; `undefined` where readings do not cover it without a hole. Pure. */
export const joulesWithin = (points: readonly EnergyPoint[], span: TimeSpan): number | undefined => {
  const from = totalAt(points, span.fromMs);
  const to = totalAt(points, span.toMs);
  return from === undefined || to === undefined || hasHole(points, span) ? undefined : to - from;
};
