import { mean, sampleStandardDeviation } from 'simple-statistics';
import {
  engineTestSchema,
  type BenchModel,
  type BenchRun,
  type Cell,
  type Repetition,
} from '../../../shared/contract/bench.ts';
import { valuesOf } from '../figures/finish-cell.ts';

/**
 * One result in llama-bench's terms. llama-bench reports mean ± sample standard deviation; Dyno's own headline is the
 * median, so the two may differ in the last digits.
 */
export interface LlamaBenchRow {
  /** llama.cpp's own words for the model: `llama 8B Q4_K - Medium`. */
  readonly modelDescription: string;
  readonly modelFile: string;
  /** Bytes of all tensors, without the file's header. */
  readonly modelBytes: number;
  readonly parameterCount: number;
  /** The registry names of llama.cpp's backends, joined by commas: `CPU`, `CUDA`, `Vulkan`, `MTL,BLAS`. */
  readonly backend: string;
  readonly gpuLayers: number;
  readonly threads: number;
  /** llama-bench's n_batch and, since node-llama-cpp ties the two, its n_ubatch as well. */
  readonly batchSize: number;
  readonly typeK: string;
  readonly typeV: string;
  /** What was asked for, as llama.cpp numbers it: −1 auto, 0 off, 1 on. */
  readonly flashAttention: -1 | 0 | 1;
  readonly promptTokens: number;
  readonly generatedTokens: number;
  readonly depth: number;
  readonly usesMmap: boolean;
  readonly processor: string;
  /** Names joined by `, `; empty without one. */
  readonly gpus: string;
  /** llama.cpp's release, where llama-bench has its commit. */
  readonly build: string;
  /** When the test began, ms since 1970. */
  readonly startedAtMs: number | null;
  /** Speed of each measured repetition, tokens per second; at least one. */
  readonly samplesTps: readonly number[];
  readonly averageTps: number;
  /** Sample standard deviation; 0 for a single repetition, as llama-bench has it. */
  readonly deviationTps: number;
}

const backendNames: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  cuda: 'CUDA',
  vulkan: 'Vulkan',
  metal: 'MTL,BLAS',
};

const fileNameOf = (path: string): string => path.split(/[/\\]/).at(-1) ?? path;

const flashNumber = (asked: BenchRun['spec']['settings']['flashAttention']): -1 | 0 | 1 => {
  switch (asked) {
    case 'on':
      return 1;
    case 'off':
      return 0;
    case 'auto':
    case undefined:
      return -1;
  }
};

/** llama.cpp does not know that a file's weights are random; whoever reads the pasted row must. */
const describeModel = (
  { architecture, quantization, isSynthetic }: BenchModel,
  described: string | undefined,
): string =>
  `${described ?? `${architecture} ${quantization}`}${isSynthetic && described !== undefined ? ' (synthetic)' : ''}`;

const rowOf = (
  run: BenchRun,
  model: BenchModel,
  cell: Cell,
  repetitions: readonly Repetition[],
): readonly LlamaBenchRow[] => {
  const test = engineTestSchema.safeParse(cell.workload);
  // llama-bench knows one sequence only; several together are llama-batched-bench's subject
  if (cell.ladder !== 'engine' || !test.success || test.data.sequences > 1 || model.engine === null)
    return [];
  const { kind, tokens, depth } = test.data;
  const samplesTps = valuesOf(repetitions, kind === 'prefill' ? 'prefillTps' : 'decodeTps');
  if (samplesTps.length === 0) return [];
  const { engine } = model;
  return [
    {
      modelDescription: describeModel(model, engine.modelDescription),
      modelFile: fileNameOf(model.path),
      modelBytes: engine.tensorBytes ?? model.sizeBytes,
      parameterCount: model.parameterCount,
      backend: backendNames[engine.backend] ?? engine.backend,
      gpuLayers: engine.gpuLayers,
      threads: kind === 'prefill' ? (engine.prefillThreads ?? engine.threads) : engine.threads,
      batchSize: engine.batchSize,
      typeK: engine.kvKeyType.toLowerCase(),
      typeV: engine.kvValueType.toLowerCase(),
      flashAttention: flashNumber(run.spec.settings.flashAttention),
      usesMmap: engine.useMmap,
      processor: run.machine.cpu.model,
      gpus: run.machine.gpus.map((gpu) => gpu.name).join(', '),
      build: engine.llamaCppRelease,
      promptTokens: kind === 'prefill' ? tokens : 0,
      generatedTokens: kind === 'decode' ? tokens : 0,
      depth,
      startedAtMs: cell.startedAtMs,
      samplesTps,
      averageTps: mean([...samplesTps]),
      deviationTps: samplesTps.length < 2 ? 0 : sampleStandardDeviation([...samplesTps]),
    },
  ];
};

/**
 * The results of a run that llama-bench could have made: engine ladder, one sequence; model after model, in the order
 * of the tests. Pure.
 */
export const llamaBenchRows = (
  run: BenchRun,
  repetitions: (cellId: string) => readonly Repetition[],
): readonly LlamaBenchRow[] =>
  run.models.flatMap((model) =>
    run.cells
      .filter((cell) => cell.modelId === model.modelId && cell.state === 'done')
      .flatMap((cell) => rowOf(run, model, cell, repetitions(cell.id))),
  );

/** `pp512`, `tg128 @ d4096`. */
export const llamaBenchTestName = ({ promptTokens, generatedTokens, depth }: LlamaBenchRow): string =>
  `${promptTokens > 0 ? `pp${promptTokens}` : `tg${generatedTokens}`}${depth > 0 ? ` @ d${depth}` : ''}`;

const sizeText = (bytes: number): string =>
  bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toFixed(2)} MiB` : `${(bytes / 2 ** 30).toFixed(2)} GiB`;

const parametersText = (count: number): string =>
  count < 1e9 ? `${(count / 1e6).toFixed(2)} M` : `${(count / 1e9).toFixed(2)} B`;

const isCpu = (row: LlamaBenchRow): boolean => row.backend === 'CPU';

/** A column as `markdown_printer` of llama-bench (llama.cpp v0.5.0) prints it; a negative width aligns to the left. */
interface Column {
  readonly head: string;
  readonly width: number;
  readonly cell: (row: LlamaBenchRow) => string;
  /** Columns with llama-bench's default in every row are left out. */
  readonly isShown?: (row: LlamaBenchRow) => boolean;
}

const columns: readonly Column[] = [
  { head: 'model', width: -30, cell: (row) => row.modelDescription },
  { head: 'size', width: 10, cell: (row) => sizeText(row.modelBytes) },
  { head: 'params', width: 10, cell: (row) => parametersText(row.parameterCount) },
  { head: 'backend', width: -10, cell: (row) => row.backend },
  { head: 'ngl', width: 3, cell: (row) => String(row.gpuLayers), isShown: (row) => !isCpu(row) },
  { head: 'threads', width: 7, cell: (row) => String(row.threads), isShown: isCpu },
  {
    head: 'n_batch',
    width: 7,
    cell: (row) => String(row.batchSize),
    isShown: (row) => row.batchSize !== 2048,
  },
  {
    head: 'n_ubatch',
    width: 8,
    cell: (row) => String(row.batchSize),
    // llama-bench's own 512 stands above any smaller batch, which then is what counts
    isShown: (row) => row.batchSize > 512,
  },
  { head: 'type_k', width: 6, cell: (row) => row.typeK, isShown: (row) => row.typeK !== 'f16' },
  { head: 'type_v', width: 6, cell: (row) => row.typeV, isShown: (row) => row.typeV !== 'f16' },
  {
    head: 'fa',
    width: 3,
    cell: (row) => String(row.flashAttention),
    isShown: (row) => row.flashAttention !== -1,
  },
  { head: 'test', width: 15, cell: llamaBenchTestName },
  {
    head: 't/s',
    width: 20,
    cell: (row) => `${row.averageTps.toFixed(2)} ± ${row.deviationTps.toFixed(2)}`,
  },
];

const padded = (text: string, width: number): string =>
  width < 0 ? text.padEnd(-width) : text.padStart(width);

/**
 * The table llama-bench prints with `-o md`, to paste beside its own: the same columns in the same widths, and only
 * those columns that differ from its defaults. Empty text for no rows.
 */
export const renderLlamaBenchMarkdown = (rows: readonly LlamaBenchRow[]): string => {
  if (rows.length === 0) return '';
  const shown = columns.filter(({ isShown }) => isShown === undefined || rows.some(isShown));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(shown.map(({ head, width }) => padded(head, width))),
    line(shown.map(({ width }) => `${'-'.repeat(Math.abs(width) - 1)}${width > 0 ? ':' : '-'}`)),
    ...rows.map((row) => line(shown.map(({ cell, width }) => padded(cell(row), width)))),
  ].join('\n');
};
