import { median } from 'simple-statistics';
import type { EngineFacts } from '../../../shared/contract/engine.ts';
import type { TelemetrySample } from '../../../shared/contract/hardware.ts';
import { formatGib } from '../../../shared/units/format.ts';
import type { IdleState } from '../ports.ts';
import { above, percent, type TrustReason } from './reason.ts';
import { swapReasons, videoMemoryReasons } from './spill.ts';
import type { TimeSpan } from './time-span.ts';

/** What other programs and the power supply were doing before the run. */
export const idleReasons = (idle: IdleState, before: TelemetrySample | undefined): readonly TrustReason[] => [
  ...above(
    'foreign-cpu',
    idle.foreignCpuPercent,
    { amber: 10, red: 30 },
    (value) => `Other programs used ${Math.round(value)} % of the processor before the start.`,
  ),
  ...(before?.gpus ?? []).flatMap((gpu) => [
    ...above(
      'foreign-gpu',
      gpu.utilizationPercent,
      { amber: 3, red: 10 },
      (value) => `The GPU ${gpu.id} was ${Math.round(value)} % busy before the start.`,
    ),
    ...above(
      'foreign-gpu-memory',
      gpu.memoryUsedBytes,
      { amber: 200e6, red: Infinity },
      (value) =>
        `Other programs held ${formatGib(value)} GiB of memory on the GPU ${gpu.id} before the start.`,
    ),
  ]),
  ...(idle.powerSource === 'battery'
    ? [{ level: 'amber' as const, signal: 'battery', message: 'The machine ran on battery.' }]
    : []),
  ...(idle.isPowerSaver === true
    ? [{ level: 'amber' as const, signal: 'power-saver', message: 'The system was saving power.' }]
    : []),
];

type Gpu = TelemetrySample['gpus'][number];

const isThrottled = (gpu: Gpu): boolean =>
  (gpu.throttleReasons ?? []).some((reason) => !/idle|none/i.test(reason));

const throttleReasons = (samples: readonly TelemetrySample[]): readonly TrustReason[] => {
  const told = samples.filter((sample) => sample.gpus.some((gpu) => gpu.throttleReasons !== null));
  const throttled = told.filter((sample) => sample.gpus.some(isThrottled));
  const names = new Set(
    throttled.flatMap((sample) =>
      sample.gpus.filter(isThrottled).flatMap((gpu) => gpu.throttleReasons ?? []),
    ),
  );
  return above(
    'throttle',
    told.length === 0 ? null : throttled.length / told.length,
    { amber: 0.01, red: 0.05 },
    (share) => `The GPU was throttled in ${percent(share)} of the time (${[...names].join(', ')}).`,
  );
};

/** At least this many readings on both sides, or a clock is not compared. */
const minReadings = 2;

const clockDrop = (
  name: string,
  first: readonly (number | null)[],
  last: readonly (number | null)[],
): readonly TrustReason[] => {
  const from = first.filter((value) => value !== null);
  const to = last.filter((value) => value !== null);
  if (from.length < minReadings || to.length < minReadings) return [];
  return above(
    'clock',
    1 - median(to) / median(from),
    { amber: 0.03, red: 0.08 },
    (drop) => `The clock of ${name} fell by ${percent(drop)} from the first to the last repetition.`,
  );
};

const within = (
  samples: readonly TelemetrySample[],
  span: TimeSpan | undefined,
): readonly TelemetrySample[] =>
  span === undefined ? [] : samples.filter(({ atMs }) => atMs >= span.fromMs && atMs <= span.toMs);

interface SeenBefore {
  /** The last reading before models were loaded. */
  readonly before: TelemetrySample | undefined;
  readonly facts: Pick<EngineFacts, 'gpuLayers' | 'memory'>;
}

/** What the sensors saw while the repetitions ran. @param spans one per measured repetition, in order. */
export const telemetryReasons = (
  telemetry: readonly TelemetrySample[],
  spans: readonly TimeSpan[],
  { before, facts }: SeenBefore,
): readonly TrustReason[] => {
  const during = spans.flatMap((span) => within(telemetry, span));
  const first = within(telemetry, spans.at(0));
  const last = within(telemetry, spans.at(-1));
  const gpuIds = new Set(during.flatMap((sample) => sample.gpus.map((gpu) => gpu.id)));
  const gpuClock = (samples: readonly TelemetrySample[], id: string) =>
    samples.map((sample) => sample.gpus.find((gpu) => gpu.id === id)?.coreClockMhz ?? null);
  return [
    ...throttleReasons(during),
    ...[...gpuIds].flatMap((id) => clockDrop(`the GPU ${id}`, gpuClock(first, id), gpuClock(last, id))),
    ...clockDrop(
      'the processor',
      first.map((sample) => sample.cpu.clockMhz),
      last.map((sample) => sample.cpu.clockMhz),
    ),
    ...swapReasons(telemetry, spans),
    ...videoMemoryReasons(before, during, facts),
  ];
};
