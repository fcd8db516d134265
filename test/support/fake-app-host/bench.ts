import { createHash } from 'node:crypto';
import type { BenchRun, Cell, RunSummary, Trust } from '../../../shared/contract/bench.ts';
import type { Preset } from '../../../shared/contract/preset.ts';
import type { MarkedSample } from '../../../shared/contract/marked-sample.ts';
import type { Estimate } from '../../../shared/contract/common.ts';
import type { Model } from '../../../shared/contract/models.ts';
import { fakeInventory } from './machine.ts';

/** Decode and prefill speed of each type on the fake machine. */
const speeds: Readonly<Record<string, { readonly decode: number; readonly prefill: number }>> = {
  F16: { decode: 1668, prefill: 13_300 },
  Q8_0: { decode: 1708, prefill: 21_000 },
  Q4_K_M: { decode: 3180, prefill: 24_900 },
  Q2_K: { decode: 2960, prefill: 19_400 },
};
/** Tokens per second of a type on the fake machine. */
export const speedOf = (quantization: string) => speeds[quantization] ?? { decode: 52, prefill: 900 };

export const estimate = (median: number, cv = 0.013, n = 3): Estimate => ({
  median,
  ciLow: n < 6 ? null : median * (1 - cv),
  ciHigh: n < 6 ? null : median * (1 + cv),
  min: median * (1 - cv * 1.2),
  max: median * (1 + cv * 1.1),
  cv,
  n,
});

export const fakeTrust = (level: Trust['level']): Trust => ({
  level,
  reasons:
    level === 'green'
      ? [{ level: 'green', signal: 'cv', message: 'Repetitions lie within 0.9 %.' }]
      : [
          { level: 'amber', signal: 'cv', message: 'Repetitions spread by 1.3 % (limit 1 %).' },
          {
            level: 'amber',
            signal: 'foreign-cpu',
            message: 'Other programs used 14 % of a core before the start.',
          },
          { level: 'green', signal: 'drift', message: 'No drift from the first to the last repetition.' },
        ],
});

export const fakePresets: readonly Preset[] = [
  {
    name: 'quick',
    title: 'Quick',
    description: 'A first answer: prefill of 512 tokens, decode of 128, and the server with 1 and 4 users.',
    engineTests: [],
    apiTests: [],
    repetitions: 3,
    secondsPerModel: 14,
  },
  {
    name: 'standard',
    title: 'Standard',
    description:
      'For a decision: two prompt lengths, decode deep in the context, the server with 1, 4 and 8 users.',
    engineTests: [],
    apiTests: [],
    repetitions: 5,
    secondsPerModel: null,
  },
];

const tests = [
  ['engine', 'pp512'],
  ['engine', 'tg128'],
  ['api', 'single-stream'],
  ['api', 'closed-loop x4'],
] as const;

/** A cell with its result, as it is once it has been measured. */
export const measuredCell = (
  cell: Cell,
  quantization: string,
  startedAtMs: number,
  endedAtMs: number,
): Cell => {
  const { decode, prefill } = speedOf(quantization);
  const metrics: Cell['metrics'] =
    cell.test === 'pp512'
      ? { prefillTps: estimate(prefill) }
      : cell.test === 'tg128'
        ? { decodeTps: estimate(decode, 0.008) }
        : cell.test === 'single-stream'
          ? {
              ttftMs: estimate(11.4, 0.04),
              decodeTps: estimate(decode * 0.93),
              systemTps: estimate(decode * 0.9),
            }
          : { ttftMs: estimate(31.7, 0.06), systemTps: estimate(decode * 2.4, 0.02) };
  return {
    ...cell,
    state: 'done',
    metrics,
    percentiles:
      cell.ladder === 'api'
        ? { ttftMs: { n: 12, p50: 11.6, p90: null, p95: null, p99: null, p999: null, max: 19.2 } }
        : {},
    counts: {
      warmups: 2,
      repetitions: 3,
      requests: cell.ladder === 'api' ? 12 : 0,
      errors: 0,
      finishReasons: {},
    },
    peakResidentBytes: 214 * 1024 ** 2,
    cpuPerWall: 0.98,
    conditions: fakeConditions(cell),
    trust: fakeTrust(quantization === 'Q2_K' ? 'amber' : 'green'),
    startedAtMs,
    endedAtMs,
  };
};

/** The GPU's board tells its power, the CPU's counter is for root only. */
const fakeConditions = ({
  ladder,
  test,
}: Pick<Cell, 'ladder' | 'test'>): NonNullable<Cell['conditions']> => ({
  phase: ladder === 'api' ? 'mixed' : test.startsWith('pp') ? 'prefill' : 'decode',
  energy: [
    {
      device: 'CPU package',
      value: null,
      cause: 'no-sensor',
      repetitions: [],
      perToken: null,
      perTokenAboveIdle: null,
      reason:
        'the energy counter of the CPU may be read by root only; allow it with: sudo chmod -R a+r /sys/class/powercap/intel-rapl*',
    },
    {
      device: 'GPU board nvidia:0',
      reason: null,
      cause: null,
      repetitions: [0.551, 0.557, 0.566].map((joulesPerToken, index) => ({
        index,
        value: {
          joules: joulesPerToken * 1280,
          seconds: 3.2,
          tokens: 1280,
          joulesPerToken,
          joulesPerTokenAboveIdle: joulesPerToken - 0.056,
          readings: 7,
        },
        reason: null,
        cause: null,
      })),
      perToken: estimate(0.557),
      perTokenAboveIdle: estimate(0.501, 0.015),
      value: {
        joules: 2140,
        seconds: 9.8,
        tokens: 3840,
        joulesPerToken: 0.557,
        joulesPerTokenAboveIdle: 0.501,
        idleWatts: 22,
        method: 'power readings',
        readings: 20,
        source: 'nvidia-smi',
      },
    },
  ],
  foreignCpuPercent: 2.1,
  cpuPressurePercent: 0.4,
  memoryPressurePercent: 0,
  ioPressurePercent: 0.2,
  samplerCpuShare: 0.004,
  readings: 20,
});

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A run as it is right after its start: every cell waits. */
export const newRun = (
  id: string,
  name: string,
  models: readonly Model[],
  preset: string,
  nowMs: number,
): BenchRun => ({
  id,
  name,
  createdAtMs: nowMs,
  endedAtMs: null,
  metricsVersion: 1,
  dynoVersion: '0.1.0',
  spec: {
    models: models.map((model) => model.id),
    preset,
    engineTests: [
      { kind: 'prefill', tokens: 512, depth: 0, sequences: 1 },
      { kind: 'decode', tokens: 128, depth: 0, sequences: 1 },
    ],
    apiTests: [
      { profile: 'single-stream', parameters: {} },
      { profile: 'closed-loop', parameters: { concurrency: 4 } },
    ],
    repetitions: 3,
    settings: {},
    seed: 1,
    coolDownMs: 0,
  },
  state: { type: 'running', fraction: 0, etaMs: null, note: 'starting' },
  machine: fakeInventory,
  idle: {
    foreignCpuPercent: 3.1,
    availableMemoryBytes: fakeInventory.memory.availableBytes,
    temperatureC: 44,
    powerSource: 'mains',
    isPowerSaver: false,
    governor: 'powersave',
  },
  noiseFloor: null,
  models: models.map((model) => ({
    modelId: model.id,
    variant: null,
    path: model.path,
    name: model.name,
    architecture: model.architecture,
    quantization: model.quantization,
    sizeBytes: model.sizeBytes,
    bitsPerWeight: model.bitsPerWeight,
    parameterCount: model.parameterCount,
    sha256: model.sha256,
    tensorTypes: model.tensorTypes,
    templateSha256: null,
    isSynthetic: model.isSynthetic,
    engine: null,
  })),
  cells: models.flatMap((model) =>
    tests.map(([ladder, test]): Cell => ({
      id: `${id}-${model.id}-${test}`,
      modelId: model.id,
      ladder,
      test,
      workload: test === 'pp512' ? { kind: 'prefill' } : {},
      workloadHash: hash(test),
      state: 'waiting',
      metrics: {},
      percentiles: {},
      counts: { warmups: 0, repetitions: 0, requests: 0, errors: 0, finishReasons: {} },
      peakResidentBytes: null,
      cpuPerWall: null,
      trust: null,
      error: null,
      startedAtMs: null,
      endedAtMs: null,
    })),
  ),
  makes: [],
  judges: [],
  loads: [],
  notes: [],
  trust: null,
  repeatCommand: `dyno bench ${models.map((model) => model.id).join(' ')} --preset ${preset} --seed 1`,
});

/** How long a model of a finished run loads, at the start of its first cell. */
const loadMs = 500;

/** The run with every cell measured, two seconds each. */
export const finishedRun = (run: BenchRun): BenchRun => ({
  ...run,
  state: { type: 'done', resultId: run.id },
  endedAtMs: run.createdAtMs + run.cells.length * 2000,
  trust: fakeTrust('amber'),
  loads: run.models.map(({ modelId }, index) => {
    const startedAtMs = run.createdAtMs + index * tests.length * 2000;
    return { modelId, startedAtMs, endedAtMs: startedAtMs + loadMs };
  }),
  cells: run.cells.map((cell, index) => {
    const startedAtMs = run.createdAtMs + index * 2000;
    const quantization = run.models.find((model) => model.modelId === cell.modelId)?.quantization ?? '';
    return measuredCell(cell, quantization, startedAtMs, startedAtMs + 1900);
  }),
});

export const summaryOf = (run: BenchRun): RunSummary => {
  const done = run.cells.filter((cell) => cell.state === 'done');
  const decode = done.filter((cell) => cell.test === 'tg128');
  const best = decode.toSorted(
    (left, right) => (right.metrics.decodeTps?.median ?? 0) - (left.metrics.decodeTps?.median ?? 0),
  )[0];
  return {
    id: run.id,
    name: run.name,
    createdAtMs: run.createdAtMs,
    endedAtMs: run.endedAtMs,
    state: run.state,
    trust: run.trust,
    makes: run.makes,
    judges: run.judges,
    preset: run.spec.preset,
    modelIds: run.models.map((model) => model.modelId),
    isCalibration: run.spec.isCalibration === true,
    cellsDone: done.length,
    cellsTotal: run.cells.length,
    bestDecodeTps: best?.metrics.decodeTps?.median ?? null,
    bestModelId: best?.modelId ?? null,
    importedFrom: null,
  };
};

export const fakeSamples = (run: BenchRun): readonly MarkedSample[] =>
  run.cells
    .filter((cell) => cell.ladder === 'api' && cell.state === 'done')
    .flatMap((cell) =>
      Array.from({ length: 8 }, (_, index) => ({
        cellId: cell.id,
        outliers: index === 5 ? (['ttftMs'] as const).slice() : [],
        repetition: Math.floor(index / 4),
        index: index % 4,
        isWarmup: index < 2,
        stream: index % 4,
        sentAtMs: 1000 + index * 210,
        intendedAtMs: 1000 + index * 210,
        firstEventMs: 10.2 + index * 0.3,
        firstTokenMs: 11.1 + index * 0.3,
        firstAnswerMs: 11.1 + index * 0.3,
        lastTokenMs: 84 + index * 1.7,
        endMs: 85 + index * 1.7,
        gapsMs: [],
        promptTokens: 256,
        cachedTokens: 0,
        outputTokens: 128,
        askedTokens: 128,
        tokenCountSource: 'usage' as const,
        finishReason: 'length',
        status: 200,
        error: null,
      })),
    );
