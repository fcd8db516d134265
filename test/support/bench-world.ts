import {
  createBench,
  createReports,
  type Bench,
  type BenchPorts,
  type Reports,
} from '../../electron/bench/index.ts';
import type { HostFacts } from '../../electron/platform/ports.ts';
import { openStorage, type Storage } from '../../electron/storage/index.ts';
import type { Inventory, TelemetrySample } from '../../shared/contract/hardware.ts';
import { modelSchema, type Model } from '../../shared/contract/models.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { AppEvent, EventBody } from '../../shared/events/events.ts';
import type { ReportFile, ReportFormat, ReportInput } from '../../shared/contract/report.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakeDriver, type FakeDriverOptions } from './fake-driver.ts';
import { createFakeEngine, type FakeEngine, type FakeEngineOptions } from './fake-engine.ts';
import { createFakeFiles, type FakeFiles } from './fake-files.ts';
import { createFakeHost } from './fake-host.ts';
import { createFakeJudge, type FakeJudge } from './fake-judge.ts';
import { createFakeMaker, type FakeMaker } from './fake-maker.ts';
import { createFakeLog } from './fake-log.ts';
import { createFakeProcesses } from './fake-processes.ts';
import { createFakeRandom } from './fake-random.ts';
import { thrownBy } from './thrown-by.ts';
import { telemetrySample } from './telemetry-sample.ts';

const GIB = 2 ** 30;

/** A model of the library, without a file behind it. */
export const benchModel = (quantization: string, changes: Partial<Model> = {}): Model =>
  modelSchema.parse({
    id: `river-1b-${quantization}`,
    path: `/home/user/models/river-1b-${quantization}.gguf`,
    parts: [`/home/user/models/river-1b-${quantization}.gguf`],
    name: 'River 1B',
    architecture: 'llama',
    quantization,
    sizeBytes: { F16: 2 * GIB, Q8_0: 1.07 * GIB, Q4_K_M: 0.66 * GIB, Q2_K: 0.42 * GIB }[quantization] ?? GIB,
    parameterCount: 1.07e9,
    bitsPerWeight: { F16: 16, Q8_0: 8.5, Q4_K_M: 4.9, Q2_K: 3.2 }[quantization] ?? 8,
    contextLength: 4096,
    tensorTypes: { [quantization]: 113, F32: 34 },
    sha256: 'a'.repeat(64),
    source: 'folder',
    hasChatTemplate: true,
    problem: null,
    modifiedMs: 1,
    derivedFrom: null,
    isSynthetic: false,
    ...changes,
  });

export const benchInventory: Inventory = {
  takenAtMs: 0,
  os: { platform: 'linux', name: 'Debian GNU/Linux 12', release: '6.12.1', arch: 'x64' },
  cpu: {
    model: 'AMD Ryzen 9 7950X',
    vendor: 'AuthenticAMD',
    physicalCores: 16,
    logicalCores: 32,
    performanceCores: null,
    usableCores: 32,
    baseClockMhz: 4500,
    maxClockMhz: 5881,
    l3CacheBytes: 64 * 2 ** 20,
    features: ['avx2', 'avx512f'],
  },
  memory: {
    totalBytes: 64 * GIB,
    availableBytes: 48 * GIB,
    swapTotalBytes: 8 * GIB,
    kind: 'DDR5',
    speedMtps: 6000,
  },
  gpus: [],
  llama: {
    nodeLlamaCppVersion: '3.22.1',
    llamaCppRelease: 'b9000',
    backend: 'cpu',
    supportedBackends: ['cpu'],
    deviceNames: [],
    vram: null,
    cpuMathCores: 16,
  },
  llamaProblem: null,
};

interface BenchWorldOptions {
  readonly models?: readonly Model[];
  readonly engine?: FakeEngineOptions;
  readonly speedOf?: (modelId: string) => FakeEngineOptions;
  readonly pace?: FakeDriverOptions['pace'];
  readonly spoil?: FakeDriverOptions['spoil'];
  readonly availableMemoryBytes?: number;
  /** Sees every event, numbered as a host would, and every reading, as a page does. */
  readonly watch?: { event(event: AppEvent): void; sample(sample: TelemetrySample): void };
  /** The readings of the machine; a quiet one without a GPU unless given. */
  readonly telemetry?: (clock: FakeClock) => BenchPorts['watchTelemetry'];
  /** How long looking at the machine before a run takes; no time unless given. */
  readonly idleProbeMs?: number;
  /** What another host of the data folder measures. */
  readonly foreignRun?: BenchPorts['foreignRun'];
  /** The id the library gives a file that was made, where it is not the expected one. */
  readonly madeId?: (type: string) => string;
  /** The disk, and what lies on it, where it outlives the world. */
  readonly files?: FakeFiles;
  readonly host?: Partial<HostFacts>;
  /** A database that outlives the world, for tests of restarts. */
  readonly storage?: Storage;
}

export interface BenchWorld extends Disposable {
  readonly bench: Bench;
  readonly reports: Reports;
  /** A report of one run. */
  report(runId: string, format: ReportFormat, wish?: Partial<ReportInput>): Promise<ReportFile>;
  /** Pages given to the PDF printer, which prints `%PDF`. */
  readonly printed: readonly string[];
  readonly clock: FakeClock;
  readonly engine: FakeEngine;
  readonly files: FakeFiles;
  readonly maker: FakeMaker;
  readonly judge: FakeJudge;
  readonly storage: Storage;
  readonly events: readonly EventBody[];
  readonly notes: () => readonly string[];
  /** HTTP servers opened and not closed yet. */
  readonly openTargets: () => number;
  /** Starts and measures in virtual time. */
  measure(input: Parameters<Bench['start']>[0], signal?: AbortSignal): Promise<string>;
  /** The same for a run of which parts fail, with the error that says so. */
  measurePartly(
    input: Parameters<Bench['start']>[0],
  ): Promise<{ readonly runId: string; readonly failure: AppError }>;
  execute(runId: string, signal?: AbortSignal): Promise<void>;
}

/** The bench on virtual time with engines and a driver of known speed, and a real database. */
export const createBenchWorld = (options: BenchWorldOptions = {}): BenchWorld => {
  const clock = createFakeClock();
  const storage = options.storage ?? openStorage(':memory:');
  const engine = createFakeEngine({
    clock,
    ...options.engine,
    ...(options.speedOf && { speedOf: options.speedOf }),
  });
  const files = options.files ?? createFakeFiles();
  files.put(
    '/app/resources/text/heldout.txt',
    'The river was wide, and nobody had crossed it before. '.repeat(60),
  );
  const models = [...(options.models ?? ['F16', 'Q8_0', 'Q4_K_M', 'Q2_K'].map((type) => benchModel(type)))];
  for (const model of models) files.put(model.path, model.id);
  const maker = createFakeMaker({
    clock,
    files,
    models,
    describe: (type, path) =>
      benchModel(type, { path, parts: [path], ...(options.madeId && { id: options.madeId(type) }) }),
  });
  const judge = createFakeJudge(clock);
  const events: EventBody[] = [];
  let openTargets = 0;

  const ports: BenchPorts = {
    clock,
    random: createFakeRandom(),
    log: createFakeLog(),
    files,
    processes: createFakeProcesses({
      workers: {
        driver: createFakeDriver({
          clock,
          ...(options.pace && { pace: options.pace }),
          ...(options.spoil && { spoil: options.spoil }),
        }),
      },
    }),
    host: createFakeHost({
      ...options.host,
      availableMemoryBytes: () => options.availableMemoryBytes ?? 32 * GIB,
    }),
    folders: { resources: '/app/resources' },
    runs: storage.runs,
    facts: storage.facts,
    engines: engine,
    resolveModel: async (idOrPath) => {
      await Promise.resolve();
      const model = models.find((candidate) => candidate.id === idOrPath || candidate.path === idOrPath);
      if (model === undefined) throw new AppError('models.not-found', `No model ${idOrPath}`);
      return model;
    },
    maker,
    foreignRun: options.foreignRun ?? (() => undefined),
    judge,
    chatTemplate: (path) => files.stat(path).then(() => '{{ messages }}'),
    openTarget: async (replica) => {
      await Promise.resolve();
      openTargets += 1;
      return {
        baseUrl: 'http://127.0.0.1:1/v1',
        apiKey: 'key',
        modelName: replica.modelId,
        [Symbol.asyncDispose]: async () => {
          await Promise.resolve();
          openTargets -= 1;
        },
      };
    },
    watchTelemetry:
      options.telemetry?.(clock) ??
      ((act) =>
        clock.every(500, () => {
          const sample = telemetrySample({ atMs: clock.monotonicMs(), wallMs: clock.nowMs(), gpus: [] });
          act(sample);
          options.watch?.sample(sample);
        })),
    inventory: () => Promise.resolve(benchInventory),
    foreignCpuPercent: () => Promise.resolve(null),
    idleProbe: async (signal) => {
      if (options.idleProbeMs !== undefined) await clock.sleep(options.idleProbeMs, signal);
      return {
        foreignCpuPercent: 1.5,
        availableMemoryBytes: 32 * GIB,
        temperatureC: 41,
        powerSource: 'mains',
        isPowerSaver: false,
        governor: 'performance',
      };
    },
    publish: (body) => {
      const seq = events.push(body);
      options.watch?.event({ seq, atMs: clock.nowMs(), body });
    },
    version: '0.1.0',
  };
  const bench = createBench(ports);
  const printed: string[] = [];
  const reports = createReports({
    ...ports,
    imports: storage.imports,
    loads: {
      get: (loadId) => {
        const run = storage.loads.get(loadId);
        if (run !== undefined) return run;
        throw new AppError('bench.run-not-found', `No load run ${loadId}`);
      },
      samples: (loadId) => storage.loads.samples(loadId),
      ticks: (loadId) => storage.loads.ticks(loadId),
    },
    getRun: (runId) => bench.get(runId),
    noiseFloorOf: (run) => bench.noiseFloorOf(run),
    compareRuns: (runIds, baseModelId) => bench.compare(runIds, baseModelId),
    printPdf: (html) => {
      printed.push(html);
      return Promise.resolve(new TextEncoder().encode('%PDF-1.7'));
    },
  });
  const execute = (runId: string, signal = new AbortController().signal): Promise<void> =>
    clock.runUntil(bench.execute(runId, { signal, onProgress: () => undefined }));

  return {
    bench,
    reports,
    report: (runId, format, wish = {}) =>
      reports.make({ runIds: [runId], format, includeHost: false, ...wish }, new AbortController().signal),
    printed,
    clock,
    engine,
    files,
    maker,
    judge,
    storage,
    events,
    notes: () => events.flatMap((event) => (event.type === 'bench.noted' ? [event.text] : [])),
    openTargets: () => openTargets,
    measure: async (input, signal) => {
      const { runId } = await bench.start(input);
      await execute(runId, signal);
      return runId;
    },
    measurePartly: async (input) => {
      const { runId } = await bench.start(input);
      return { runId, failure: await thrownBy(() => execute(runId)) };
    },
    execute,
    [Symbol.dispose]: () => {
      if (options.storage === undefined) storage[Symbol.dispose]();
    },
  };
};
