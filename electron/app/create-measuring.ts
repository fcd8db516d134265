import {
  createBench,
  createLoadRuns,
  createQuality,
  createReports,
  type Bench,
  type ForeignRun,
  type LoadRuns,
  type Quality,
  type Reports,
} from '../bench/index.ts';
import { createScorer, type EnginePool } from '../engine/index.ts';
import type { Hardware } from '../hardware/index.ts';
import { calibrationTextSha256, type Inspector, type ReadingDevice } from '../models/index.ts';
import type { Ports } from '../platform/ports.ts';
import type { Storage } from '../storage/index.ts';
import type { EventBody } from '../../shared/events/events.ts';
import { openBenchTarget } from './bench-target.ts';
import { probeIdle } from './idle-probe.ts';
import { mergeSettings } from './merge-settings.ts';
import { createModelMaker } from './model-maker.ts';
import { createQualityJudge } from './quality-judge.ts';
import { resolveMeasured } from './resolve-measured.ts';
import { planReadingDevice, planScoringDevice } from './scoring-device.ts';
import type { ScannedLibrary } from './scan-first.ts';
import type { SettingsKeeper } from './settings.ts';
import { version } from './version.ts';

interface Options {
  readonly ports: Ports;
  readonly storage: Storage;
  readonly settings: SettingsKeeper;
  readonly publish: (body: EventBody) => void;
  readonly hardware: Hardware;
  readonly inspector: Inspector;
  readonly engines: EnginePool;
  readonly library: ScannedLibrary;
  readonly validate: (path: string) => Promise<void>;
  readonly tidyUp: (work: Promise<unknown>) => void;
  /** Processes whose load is Dyno's own. */
  readonly ownPids: () => readonly number[];
  /** What another host measures now. */
  readonly foreignRun: () => ForeignRun | undefined;
}

/** Everything that measures, and what is made of the results. */
interface Measuring {
  readonly quality: Quality;
  readonly bench: Bench;
  readonly loads: LoadRuns;
  readonly reports: Reports;
  /** Where a model computes that is only read. */
  readonly readingDevice: (path: string, signal: AbortSignal) => Promise<ReadingDevice>;
}

/** The part of the composition root that wires the bench to engines, library, hardware and stores. */
export const createMeasuring = (options: Options): Measuring => {
  const { ports, storage, settings, publish, hardware, inspector, engines, library } = options;
  const { validate, tidyUp, ownPids } = options;
  const { files, host, log } = ports;
  const engineSettings = () => mergeSettings(settings.get().engine);
  const planDevice = planScoringDevice(hardware, inspector, engineSettings);
  const readingDevice = planReadingDevice(ports, planDevice, engineSettings);
  const resolveModel = resolveMeasured(library);
  const quality = createQuality({
    ...ports,
    store: storage.quality,
    publish,
    scorer: createScorer({ ...ports, tidyUp }),
    engines,
    version,
    validate,
    settings: engineSettings,
    resolveModel,
    hashModel: ({ path }, signal) => library.hash(path, { signal }),
    planDevice,
    calibrationTextSha256: (path, signal) => calibrationTextSha256(files, path, signal),
  });

  /** What both ladders of the bench and the load runs need. */
  const measuring = {
    ...ports,
    engines,
    version,
    publish,
    resolveModel,
    openTarget: openBenchTarget(ports),
    foreignCpuPercent: async (signal: AbortSignal) =>
      (await hardware.foreignCpuPercent(ownPids(), signal)).value,
    idleProbe: (signal: AbortSignal) => probeIdle(hardware, host, ownPids(), signal),
    inventory: () => hardware.inventory({ signal: new AbortController().signal }),
  };
  const bench = createBench({
    ...measuring,
    runs: storage.runs,
    facts: storage.facts,
    judge: createQualityJudge(quality),
    maker: createModelMaker({ ports, library, inspector, validate, readingDevice, tidyUp }),
    foreignRun: options.foreignRun,
    chatTemplate: async (path) => (await library.inspect(path)).chatTemplate,
    watchTelemetry: (act) => {
      const abort = new AbortController();
      const watch = async (): Promise<void> => {
        for await (const sample of hardware.watch(abort.signal)) act(sample);
      };
      watch().catch((error: unknown) => log.warn('telemetry ended', { error }));
      return { [Symbol.dispose]: () => abort.abort() };
    },
  });
  const loads = createLoadRuns({ ...measuring, loads: storage.loads });

  const reports = createReports({
    ...ports,
    runs: storage.runs,
    imports: storage.imports,
    loads,
    getRun: (runId) => bench.get(runId),
    noiseFloorOf: (run) => bench.noiseFloorOf(run),
    compareRuns: (runIds, baseModelId) => bench.compare(runIds, baseModelId),
    printPdf: (html, signal) => ports.pdf.print(html, signal),
    version,
  });

  return { quality, bench, loads, reports, readingDevice };
};
