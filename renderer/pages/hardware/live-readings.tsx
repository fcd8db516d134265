import { RECORDED_MARK, type TelemetrySample } from '../../../shared/contract/hardware.ts';
import { formatFigure, formatGib } from '../../../shared/units/format.ts';
import { useStore } from '../../live/use-store.ts';
import { useServices } from '../../services-context.ts';
import { LoadingState } from '../../ui/loading-state.tsx';
import { Stat } from '../../ui/stat.tsx';
import { Unknown } from '../../ui/unknown.tsx';
import classes from './live-readings.module.css';

interface Reading {
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
  /** Key into the sample's reasons and sources. */
  readonly path: string;
  readonly note?: string;
}

const cpuReadings = ({ cpu, memory, pressure, samplerCpuShare }: TelemetrySample): readonly Reading[] => [
  { name: 'CPU', value: cpu.utilizationPercent, unit: '%', path: 'cpu.utilizationPercent' },
  { name: 'CPU clock', value: cpu.clockMhz, unit: 'MHz', path: 'cpu.clockMhz' },
  { name: 'CPU temperature', value: cpu.temperatureC, unit: '°C', path: 'cpu.temperatureC' },
  { name: 'CPU package power', value: cpu.packagePowerWatts, unit: 'W', path: 'cpu.packagePowerWatts' },
  {
    name: 'Memory used',
    value: memory.usedBytes / 1024 ** 3,
    unit: 'GiB',
    path: 'memory.usedBytes',
    note: `${formatGib(memory.availableBytes)} GiB free`,
  },
  {
    name: 'Swap used',
    value: memory.swapUsedBytes === null ? null : memory.swapUsedBytes / 1024 ** 3,
    unit: 'GiB',
    path: 'memory.swapUsedBytes',
  },
  ...(
    [
      ['cpuPercent', 'Waiting for the CPU'],
      ['memoryPercent', 'Waiting for memory'],
      ['ioPercent', 'Waiting for the disk'],
    ] as const
  ).map(([field, name]) => ({
    name,
    value: pressure?.[field] ?? null,
    unit: '% of time',
    path: `pressure.${field}`,
  })),
  {
    name: 'Cost of watching',
    value: samplerCpuShare === null ? null : samplerCpuShare * 100,
    unit: '% of a core',
    path: 'samplerCpuShare',
    note: 'CPU time of the telemetry process',
  },
];

const gpuReadings = (sample: TelemetrySample): readonly Reading[] =>
  sample.gpus.flatMap((gpu, index): readonly Reading[] => {
    const path = (field: string): string => `gpus.${index}.${field}`;
    return [
      { name: `GPU ${index}`, value: gpu.utilizationPercent, unit: '%', path: path('utilizationPercent') },
      {
        name: `GPU ${index} memory`,
        value: gpu.memoryUsedBytes === null ? null : gpu.memoryUsedBytes / 1024 ** 3,
        unit: 'GiB',
        path: path('memoryUsedBytes'),
        ...(gpu.memoryTotalBytes === null ? {} : { note: `of ${formatGib(gpu.memoryTotalBytes)} GiB` }),
      },
      { name: `GPU ${index} power`, value: gpu.powerWatts, unit: 'W', path: path('powerWatts') },
      { name: `GPU ${index} clock`, value: gpu.coreClockMhz, unit: 'MHz', path: path('coreClockMhz') },
      { name: `GPU ${index} temperature`, value: gpu.temperatureC, unit: '°C', path: path('temperatureC') },
    ];
  });

const ReadingStat = ({ reading, sample }: { readonly reading: Reading; readonly sample: TelemetrySample }) =>
  reading.value === null ? (
    <Stat
      name={reading.name}
      value={<Unknown reason={sample.reasons[reading.path] ?? 'this machine does not tell'} />}
      note={sample.reasons[reading.path] ?? 'this machine does not tell'}
    />
  ) : (
    <Stat
      name={reading.name}
      value={formatFigure(reading.value)}
      unit={reading.unit}
      note={reading.note ?? sample.sources[reading.path]}
    />
  );

/** What holds a GPU back now; nothing where nothing does, or where it is not told. */
const Throttling = ({ sample }: { readonly sample: TelemetrySample }) =>
  sample.gpus.map(({ id, throttleReasons }, index) =>
    throttleReasons === null || throttleReasons.length === 0 ? null : (
      <Stat key={id} name={`GPU ${index} is held back by`} value={throttleReasons.join(', ')} />
    ),
  );

const ReplayNote = ({ sample }: { readonly sample: TelemetrySample }) =>
  Object.values(sample.sources).some((source) => source.endsWith(RECORDED_MARK)) ? (
    <Stat
      name="Readings"
      value="recorded"
      note="played from the file in DYNO_TELEMETRY_REPLAY; not this machine's"
    />
  ) : null;

/** The machine this second. What it does not tell is a dash, with the reason below. */
export const LiveReadings = () => {
  const { telemetry } = useServices();
  const sample = useStore(telemetry.latest);
  return (
    <section className={classes.readings} aria-label="Live readings">
      {sample === null ? (
        <LoadingState what="the first reading" lines={8} />
      ) : (
        <>
          <ReplayNote sample={sample} />
          {[...gpuReadings(sample), ...cpuReadings(sample)].map((reading) => (
            <ReadingStat key={reading.name} reading={reading} sample={sample} />
          ))}
          <Throttling sample={sample} />
        </>
      )}
    </section>
  );
};
