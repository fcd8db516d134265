import { max, median, min } from 'simple-statistics';
import type { Inventory, TelemetrySample } from '../../../../shared/contract/hardware.ts';
import type { Fact } from '../../../../shared/contract/imports.ts';
import type { ReportedRun } from '../../../../shared/contract/report.ts';
import { formatFigure, UNKNOWN } from '../../../../shared/units/format.ts';
import { factsOf, gib } from './fact.ts';

const machine = factsOf('machine');
const driver = factsOf('driver');
const condition = factsOf('conditions');
const measured = factsOf('measured');

const spanOf = (values: readonly number[], unit: string): string =>
  values.length === 0
    ? UNKNOWN
    : `median ${formatFigure(median([...values]))} ${unit}, ${formatFigure(min([...values]))} to ${formatFigure(max([...values]))} (n ${values.length})`;

/** Reasons a GPU gave for slowing itself down, with the share of readings that showed each. */
const throttlingOf = (telemetry: readonly TelemetrySample[]): string => {
  const known = telemetry.flatMap((sample) => sample.gpus.flatMap((gpu) => gpu.throttleReasons ?? []));
  const readings = telemetry.flatMap((sample) => sample.gpus.filter((gpu) => gpu.throttleReasons !== null));
  if (readings.length === 0) return UNKNOWN;
  if (known.length === 0) return `none in ${readings.length} readings`;
  return [...Map.groupBy(known, (reason) => reason)]
    .map(
      ([reason, own]) => `${reason} in ${formatFigure((own.length / readings.length) * 100)} % of readings`,
    )
    .join(', ');
};

const gpuFacts = (telemetry: readonly TelemetrySample[]): readonly Fact[] => {
  const gpus = telemetry.flatMap((sample) => sample.gpus);
  const of = (read: (gpu: (typeof gpus)[number]) => number | null) => gpus.flatMap((gpu) => read(gpu) ?? []);
  return [
    measured(
      'GPU clock during the run',
      spanOf(
        of((gpu) => gpu.coreClockMhz),
        'MHz',
      ),
    ),
    measured(
      'GPU temperature during the run',
      spanOf(
        of((gpu) => gpu.temperatureC),
        '°C',
      ),
    ),
    measured(
      'GPU power during the run',
      spanOf(
        of((gpu) => gpu.powerWatts),
        'W',
      ),
    ),
    measured('GPU throttling', throttlingOf(telemetry)),
  ];
};

/** The machine itself. */
export const machineFacts = (found: Inventory): readonly Fact[] => [
  machine(
    'Processor',
    `${found.cpu.model}, ${found.cpu.physicalCores} cores (${found.cpu.usableCores} threads usable)`,
  ),
  machine('Features', found.cpu.features.join(', ')),
  machine(
    'Memory',
    [
      gib(found.memory.totalBytes),
      found.memory.kind,
      found.memory.speedMtps === null ? null : `${found.memory.speedMtps} MT/s`,
    ]
      .filter((part) => part !== null)
      .join(', '),
  ),
  ...(found.gpus.length === 0
    ? [machine('GPU', 'none')]
    : found.gpus.flatMap((gpu) => [
        machine('GPU', `${gpu.name}, ${gib(gpu.totalMemoryBytes)}`),
        driver('GPU driver', gpu.driver),
      ])),
  machine('Operating system', `${found.os.name} (${found.os.arch})`),
  driver('Kernel', found.os.release),
];

/** Why the sensors do not tell a value, in the sampler's own words. */
const reasonIn = (telemetry: readonly TelemetrySample[], path: string): string => {
  const reason = telemetry.at(-1)?.reasons[path];
  return reason === undefined ? UNKNOWN : `not known: ${reason}`;
};

/** What the machine was like before and during the run. */
export const conditionFacts = ({
  run: { idle, machine: found, cells },
  timeline,
}: ReportedRun): readonly Fact[] => {
  const telemetry = timeline.flatMap((point) => point.telemetry ?? []);
  const of = (read: (sample: TelemetrySample) => number | null) =>
    telemetry.flatMap((sample) => read(sample) ?? []);
  const sensor = (path: string, unit: string, read: (sample: TelemetrySample) => number | null): string => {
    const values = of(read);
    return values.length === 0 ? reasonIn(telemetry, path) : spanOf(values, unit);
  };
  return [
    measured(
      'Other programs before the start',
      idle.foreignCpuPercent === null ? null : `${formatFigure(idle.foreignCpuPercent)} % of the processor`,
    ),
    measured('Free memory before the start', gib(idle.availableMemoryBytes)),
    measured(
      'Temperature before the start',
      idle.temperatureC === null ? null : `${formatFigure(idle.temperatureC)} °C`,
    ),
    condition('Power source', idle.powerSource),
    condition('Clock governor', idle.governor),
    condition('Power saving', idle.isPowerSaver === null ? null : idle.isPowerSaver ? 'on' : 'off'),
    measured(
      'Processor clock during the run',
      sensor('cpu.clockMhz', 'MHz', (sample) => sample.cpu.clockMhz),
    ),
    measured(
      'Processor temperature during the run',
      sensor('cpu.temperatureC', '°C', (sample) => sample.cpu.temperatureC),
    ),
    measured(
      'Package power during the run',
      sensor('cpu.packagePowerWatts', 'W', (sample) => sample.cpu.packagePowerWatts),
    ),
    ...(found.gpus.length === 0 ? [] : gpuFacts(telemetry)),
    measured(
      'Other programs during the run',
      spanOf(
        cells.flatMap(({ conditions }) => conditions?.foreignCpuPercent ?? []),
        '% of the processor',
      ),
    ),
    measured(
      'Waiting for memory during the run',
      sensor('pressure.memoryPercent', '% of the time', ({ pressure }) => pressure?.memoryPercent ?? null),
    ),
    measured(
      'Waiting for the disk during the run',
      sensor('pressure.ioPercent', '% of the time', ({ pressure }) => pressure?.ioPercent ?? null),
    ),
    measured(
      'Cost of watching',
      sensor('samplerCpuShare', '% of one core', ({ samplerCpuShare }) =>
        samplerCpuShare === null ? null : samplerCpuShare * 100,
      ),
    ),
    measured(
      'Swap used during the run',
      spanOf(
        of((sample) => (sample.memory.swapUsedBytes === null ? null : sample.memory.swapUsedBytes / 2 ** 30)),
        'GiB',
      ),
    ),
  ];
};
