import type { TelemetrySample } from '../../shared/contract/hardware.ts';
import { toGib } from '../../shared/units/format.ts';
import { createPointSeries, type PointSeries } from '../charts/point-series.ts';
import type { Client } from '../transport/client.ts';
import type { Connection } from '../transport/connection.ts';
import { keepFollowing, type After } from './keep-following.ts';
import { createStore, type Store } from './store.ts';

/** Twenty minutes at two samples a second. */
const CAPACITY = 2_400;

/** The machine's live readings: the newest in a store, the last minutes as lines for the charts. */
export interface TelemetryFeed {
  readonly latest: Store<TelemetrySample | null>;
  /** The line under `key`: `cpu.utilization`, `memory.used`, `gpu:<id>.power`… x in seconds of the host's clock. */
  readonly series: (key: string) => PointSeries;
  /** Calls `act` after every sample. */
  readonly onSample: (act: (sample: TelemetrySample) => void) => () => void;
}

const readings = (sample: TelemetrySample): readonly (readonly [string, number | null])[] => [
  ['cpu.utilization', sample.cpu.utilizationPercent],
  ['cpu.clock', sample.cpu.clockMhz],
  ['cpu.temperature', sample.cpu.temperatureC],
  ['cpu.power', sample.cpu.packagePowerWatts],
  ['memory.used', toGib(sample.memory.usedBytes)],
  ['memory.swap', sample.memory.swapUsedBytes === null ? null : toGib(sample.memory.swapUsedBytes)],
  ...sample.gpus.flatMap((gpu): readonly (readonly [string, number | null])[] => [
    [`gpu:${gpu.id}.utilization`, gpu.utilizationPercent],
    [`gpu:${gpu.id}.memory`, gpu.memoryUsedBytes === null ? null : toGib(gpu.memoryUsedBytes)],
    [`gpu:${gpu.id}.temperature`, gpu.temperatureC],
    [`gpu:${gpu.id}.power`, gpu.powerWatts],
    [`gpu:${gpu.id}.clock`, gpu.coreClockMhz],
  ]),
];

export const createTelemetryFeed = (client: Client, connection: Connection, after: After): TelemetryFeed => {
  const latest = createStore<TelemetrySample | null>(null);
  const listeners = new Set<(sample: TelemetrySample) => void>();
  const lines = new Map<string, PointSeries>();

  const series = (key: string): PointSeries => {
    const known = lines.get(key);
    if (known !== undefined) return known;
    const made = createPointSeries(CAPACITY);
    lines.set(key, made);
    return made;
  };

  keepFollowing(connection, after, async (signal) => {
    // A gap is better than a line over minutes nobody watched; the host's clock may have begun anew, too.
    for (const line of lines.values()) line.clear();
    try {
      for await (const sample of await client.hardware.telemetry({}, { signal })) {
        for (const [key, value] of readings(sample)) series(key).push(sample.atMs / 1000, value);
        latest.set(sample);
        for (const listener of [...listeners]) listener(sample);
      }
    } finally {
      // Old readings are not shown as present ones.
      latest.set(null);
    }
  });

  return {
    latest,
    series,
    onSample: (act) => {
      listeners.add(act);
      return () => listeners.delete(act);
    },
  };
};
