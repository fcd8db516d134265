import { max, median, min } from 'simple-statistics';
import type { BenchModel } from '../../../shared/contract/bench.ts';
import type { TelemetrySample } from '../../../shared/contract/hardware.ts';
import {
  formatCount,
  formatDuration,
  formatFigure,
  formatGib,
  formatParameters,
  UNKNOWN,
} from '../../../shared/units/format.ts';
import type { ReportData } from './report-data.ts';

/** A fact with its unit in the value. */
export interface FactRow {
  readonly name: string;
  readonly value: string;
}

const fact = (name: string, value: string | number | null | undefined): FactRow => ({
  name,
  value: value === null || value === undefined || value === '' ? UNKNOWN : String(value),
});
const gib = (bytes: number | null | undefined): string =>
  bytes === null || bytes === undefined ? UNKNOWN : `${formatGib(bytes)} GiB`;
const yesNo = (value: boolean): string => (value ? 'on' : 'off');

const fileNameOf = (path: string): string => path.split(/[/\\]/).at(-1) ?? path;

/** The file, so that it can be told from one with the same label. */
export const modelRows = (model: BenchModel): readonly FactRow[] => [
  fact('File', fileNameOf(model.path)),
  fact('SHA-256', model.sha256),
  fact('Size', `${formatCount(model.sizeBytes)} bytes (${gib(model.sizeBytes)})`),
  fact('Architecture', model.architecture),
  fact('Parameters', formatParameters(model.parameterCount)),
  fact('Bits per weight', formatFigure(model.bitsPerWeight)),
  fact(
    'Tensor types',
    Object.entries(model.tensorTypes)
      .sort((a, b) => b[1] - a[1])
      .map(([type, count]) => `${type} × ${count}`)
      .join(', '),
  ),
  fact('Chat template SHA-256', model.templateSha256),
];

/** Every effective setting of the engine. */
export const engineRows = ({ engine }: BenchModel): readonly FactRow[] =>
  engine === null
    ? [fact('Engine', 'not loaded')]
    : [
        fact('llama.cpp', `${engine.llamaCppRelease} (node-llama-cpp ${engine.nodeLlamaCppVersion})`),
        fact('Backend', engine.backend),
        fact('Stepping', engine.batchEngine === 'fast' ? 'own scheduler' : 'public interface, in lockstep'),
        fact('Context', `${formatCount(engine.contextSize)} tokens × ${engine.slots} slots`),
        fact('Threads', engine.threads),
        fact('Batch', `${engine.batchSize} tokens`),
        fact('Flash attention', yesNo(engine.flashAttention)),
        fact('KV cache', `${engine.kvKeyType} keys, ${engine.kvValueType} values`),
        fact('Layers on the GPU', engine.gpuLayers),
        fact('Memory mapping', yesNo(engine.useMmap)),
        fact('Load', formatDuration(engine.loadMs)),
        fact('Memory after load', gib(engine.memory.processBytes)),
      ];

const clockList = (samples: readonly TelemetrySample[]): readonly number[] =>
  samples.flatMap((sample) => sample.cpu.clockMhz ?? []);

const spanOf = (values: readonly number[], unit: string): string =>
  values.length === 0
    ? UNKNOWN
    : `median ${formatFigure(median([...values]))} ${unit}, ${formatFigure(min([...values]))} to ${formatFigure(max([...values]))} (n ${values.length})`;

/** The machine, and what it was like before and during the run. */
export const conditionRows = ({ run, timeline }: ReportData): readonly FactRow[] => {
  const { machine, idle } = run;
  const telemetry = timeline.flatMap((point) => point.telemetry ?? []);
  return [
    fact(
      'Processor',
      `${machine.cpu.model}, ${machine.cpu.physicalCores} cores (${machine.cpu.usableCores} threads usable)`,
    ),
    fact('Features', machine.cpu.features.join(', ')),
    fact(
      'Memory',
      `${gib(machine.memory.totalBytes)}${machine.memory.kind === null ? '' : `, ${machine.memory.kind}`}`,
    ),
    ...(machine.gpus.length === 0
      ? [fact('GPU', 'none')]
      : machine.gpus.map((gpu) =>
          fact('GPU', `${gpu.name}, ${gib(gpu.totalMemoryBytes)}, driver ${gpu.driver ?? UNKNOWN}`),
        )),
    fact('Operating system', `${machine.os.name} ${machine.os.release} (${machine.os.arch})`),
    fact(
      'Other programs before the start',
      idle.foreignCpuPercent === null ? null : `${formatFigure(idle.foreignCpuPercent)} % of the processor`,
    ),
    fact('Free memory before the start', gib(idle.availableMemoryBytes)),
    fact('Power', [idle.powerSource, idle.governor].filter((part) => part !== null).join(', ')),
    fact('Processor clock during the run', spanOf(clockList(telemetry), 'MHz')),
    fact(
      'Processor temperature during the run',
      spanOf(
        telemetry.flatMap((sample) => sample.cpu.temperatureC ?? []),
        '°C',
      ),
    ),
    fact(
      'Package power during the run',
      spanOf(
        telemetry.flatMap((sample) => sample.cpu.packagePowerWatts ?? []),
        'W',
      ),
    ),
  ];
};

/** What exactly was asked of every model. */
export const workloadRows = ({ run, samples }: ReportData): readonly FactRow[] => {
  const { spec } = run;
  const good = samples.filter((sample) => !sample.isWarmup && sample.error === null);
  const got = (values: readonly (number | null)[]) => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? UNKNOWN : `${formatCount(min(known))} to ${formatCount(max(known))}`;
  };
  const corpus = run.cells
    .map((cell) => cell.workload['corpusSha256'])
    .find((hash) => typeof hash === 'string');
  return [
    fact('Preset', spec.preset),
    fact('Tests', [...new Set(run.cells.map((cell) => cell.test))].join(', ')),
    fact(
      'Repetitions',
      spec.extraRepetitions === undefined
        ? `${spec.repetitions}`
        : `${spec.repetitions}, up to ${spec.extraRepetitions.upTo} while a cell takes under ${formatDuration(spec.extraRepetitions.whileUnderMs)}`,
    ),
    fact(
      'Warm-up',
      `until three repetitions lie within 2 % (engine) or 10 % (API), at most 10${spec.warmupBudgetMs === undefined ? '' : ` and ${formatDuration(spec.warmupBudgetMs)}`}`,
    ),
    fact(
      'Order',
      spec.order === 'blocks'
        ? 'one model after the other'
        : spec.models.length > 1
          ? 'models take turns, forward and backward'
          : 'one model',
    ),
    fact('Seed', spec.seed),
    fact('Sampling', 'greedy, fixed length, end of sequence ignored, prompt cache off'),
    ...(good.length === 0
      ? []
      : [
          fact('Prompt tokens got', got(good.map((sample) => sample.promptTokens))),
          fact(
            'Answer tokens',
            `${got(good.map((sample) => sample.outputTokens))}, asked ${got(good.map((sample) => sample.askedTokens))}`,
          ),
          fact('Requests measured', formatCount(good.length)),
        ]),
    ...(corpus === undefined ? [] : [fact('Text of the prompts, SHA-256', corpus)]),
  ];
};
