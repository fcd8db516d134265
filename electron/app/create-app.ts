import { join } from 'node:path';
import type { Job } from '../../shared/contract/common.ts';
import type { AppInfo } from '../../shared/contract/settings.ts';
import type { AppEvent } from '../../shared/events/events.ts';
import { runCompat, type ForeignRun } from '../bench/index.ts';
import { createEnginePool, createInspector } from '../engine/index.ts';
import { createHardware } from '../hardware/index.ts';
import {
  createMemoryLedger,
  createModelLibrary,
  listShapes,
  planSynthesis,
  refuseImpossible,
  validateModel,
} from '../models/index.ts';
import type { Logger, Ports } from '../platform/ports.ts';
import { openStorage } from '../storage/index.ts';
import { openAccess, type Access } from './access/open-access.ts';
import { createAlertDesk } from './alerts/alert-desk.ts';
import { createMeasuring } from './create-measuring.ts';
import { createRouter, type AppRouter } from './create-router.ts';
import { createEventLog } from './events.ts';
import { findPrograms } from './find-programs.ts';
import { createHostPulse } from './host-pulse.ts';
import { jobDefinitions } from './job-definitions.ts';
import { isUnderWay } from './job-book.ts';
import { createJobRunner } from './jobs.ts';
import { createLoadBoard } from './load-board.ts';
import { assertMayRun, foreignRunOf, isMeasuringHere } from './measuring-jobs.ts';
import { createMemoryScale } from './memory-scale.ts';
import { modelActions } from './model-actions.ts';
import { scanFirst } from './scan-first.ts';
import { createServerControl } from './server-control.ts';
import { createSettings } from './settings.ts';
import { createTidyUp } from './tidy-up.ts';
import { createSpeedForecast } from './speed-forecast.ts';
import { tidyUploads } from './tidy-uploads.ts';
import { createUploads } from './uploads.ts';
import { version } from './version.ts';
import { watchServedFiles } from './watch-served-files.ts';

/** The host: everything that is not a face. Closing it stops children, jobs and the server, then the database. */
export interface App extends AsyncDisposable {
  readonly router: AppRouter;
  readonly log: Logger;
  /** Who holds a key, for a face that lets keys in. */
  readonly keys: Access['ring'];
  info(): AppInfo;
  onEvent(act: (event: AppEvent) => void): Disposable;
}

interface Options {
  readonly mode: AppInfo['mode'];
  readonly pid: number;
  readonly isAlive: (pid: number) => boolean;
}

/** Id of the model that ships with Dyno, in `resources/model`, before the first scan has found it. */
const bundledModel = 'dyno-demo-4m-f16';

/**
 * The composition root: every feature built in plain order and handed what it needs.
 * @throws AppError `storage.*`, `files.not-allowed`
 */
export const createApp = async (ports: Ports, options: Options): Promise<App> => {
  const { clock, files, folders, host, log } = ports;
  await using scope = new AsyncDisposableStack();
  await files.makeFolder(folders.models);

  const storage = scope.use(openStorage(join(folders.data, 'dyno.db')));
  const pulse = scope.use(
    createHostPulse({
      clock,
      random: ports.random,
      facts: storage.facts,
      log,
      pid: options.pid,
      isProcessAlive: options.isAlive,
    }),
  );
  const events = scope.use(createEventLog(storage.events, clock)); // ends after all that publishes
  const { publish } = events;
  const settings = createSettings(storage.facts);

  const tidyUp = scope.use(createTidyUp(log)).after;
  const inspector = createInspector(ports);
  const hardware = scope.use(
    createHardware({ ...ports, inspector, intervalMs: settings.get().telemetryIntervalMs }),
  );
  const totalVramBytes = async (): Promise<number> => {
    const { llama } = await hardware.inventory({ signal: new AbortController().signal });
    return llama?.vram?.totalBytes ?? 0;
  };
  const validate = async (path: string): Promise<void> => {
    await validateModel(files, path);
  };
  const memory = createMemoryLedger(storage.facts, clock);
  const scale = createMemoryScale({
    host,
    hardware,
    inspector,
    memory,
    inspect: (path) => library.inspect(path),
  });
  const engines = scope.use(
    createEnginePool({
      ...ports,
      memory,
      facts: storage.facts,
      validate: async (path, wished) =>
        refuseImpossible({ host, totalVramBytes }, await validateModel(files, path), wished),
      scale,
      sharedLoads: createLoadBoard({ ...ports, facts: storage.facts, pulse, atOnce: storage.atOnce }),
      prefixCache: () => ({
        folder: join(folders.data, 'cache', 'prefix'),
        limitBytes: settings.get().prefixCacheMib * 2 ** 20,
      }),
      onReplicaChange: (replica) =>
        publish(
          replica.state.type === 'stopped'
            ? { type: 'engine.removed', replicaId: replica.id }
            : { type: 'engine.changed', replica },
        ),
    }),
  );
  const ownPids = (): readonly number[] => [
    options.pid,
    ...engines.list().flatMap((replica) => (replica.pid === null ? [] : [replica.pid])),
  ];
  let isMeasuring = (): boolean => false; // until there are jobs
  let foreignRun = (): ForeignRun | undefined => undefined;
  const library = scope.use(
    scanFirst(
      createModelLibrary({
        ...ports,
        store: storage.models,
        settings: () => settings.get(),
        publish,
        isInUse: (path) => engines.list().some((replica) => replica.modelPath === path),
        isBusy: () => isMeasuring() || engines.list().some((replica) => replica.state.type === 'loading'),
      }),
    ),
  );

  const access = scope.use(await openAccess({ ports, stores: storage, publish }));
  const alerts = scope.use(createAlertDesk({ ...ports, facts: storage.facts, audit: storage.audit }));
  scope.use(events.onEvent(({ body }) => alerts.hear(body)));
  const { quality, bench, loads, reports, readingDevice } = createMeasuring({
    ports,
    storage,
    settings,
    publish,
    hardware,
    inspector,
    engines,
    library,
    validate,
    tidyUp,
    ownPids,
    foreignRun: () => foreignRun(),
  });

  const jobs = scope.use(
    createJobRunner({
      ...ports,
      jobs: storage.jobs,
      facts: storage.facts,
      publish,
      onLost: events.breakOff,
      owner: pulse.owner,
      isAlive: pulse.isAlive,
      assertMayRun,
      atOnce: storage.atOnce,
      definitions: jobDefinitions({
        ports,
        library,
        inspector,
        validate,
        readingDevice,
        tidyUp,
        bench,
        loads,
        quality,
      }),
    }),
  );
  isMeasuring = () => isMeasuringHere(jobs);
  foreignRun = () => foreignRunOf(jobs);
  const isUnderWayOf = (...kinds: readonly Job['kind'][]): boolean =>
    jobs.list().some((job) => kinds.includes(job.kind) && isUnderWay(job));
  if (!isUnderWayOf('bench', 'sweep')) bench.markInterrupted();
  if (!isUnderWayOf('load')) loads.markInterrupted();

  const bundledModelId = (): string =>
    library.list().find(({ source }) => source === 'bundled')?.id ?? bundledModel;
  const server = scope.use(
    createServerControl({
      ports,
      engines,
      openEnergy: hardware.openEnergy,
      settings,
      access,
      watchFiles: (served, starting) =>
        watchServedFiles({ ports, library, jobs, ledger: access.ledger }, served, starting),
      publish,
      inspect: (idOrPath) => library.inspect(idOrPath),
      bundledModelId,
    }),
  );

  const startedAtMs = clock.nowMs();
  const info = (): AppInfo => ({
    name: 'Dyno',
    version,
    mode: options.mode,
    node: host.nodeVersion,
    electron: host.electronVersion ?? null,
    platform: `${host.platform} ${host.arch}`,
    dataFolder: folders.data,
    modelsFolder: folders.models,
    startedAtMs,
    bundledModelId: bundledModelId(),
  });

  const router = createRouter(
    {
      info,
      settings,
      uploads: createUploads(files, folders.data),
      events,
      jobs,
      engines,
      bench,
      quality,
      loads,
      compat: (input, signal) => runCompat({ http: ports.http, clock }, input, signal),
      reports,
      access,
      alerts,
      server,
      hardware: {
        inventory: (ask) => hardware.inventory(ask),
        watch: (signal) => hardware.watch(signal),
        setTelemetryIntervalMs: (intervalMs) => hardware.setTelemetryIntervalMs(intervalMs),
        doctor: async (signal) =>
          hardware.doctor(signal, {
            dataFolder: folders.data,
            ...(await findPrograms(ports)),
            ownPids: ownPids(),
          }),
      },
      models: modelActions({ ports, library, scale, promised: engines.promised, settings, memory }),
      synth: {
        shapes: listShapes,
        forecast: createSpeedForecast({
          ports,
          library,
          inspector,
          engines,
          validate,
          facts: storage.facts,
          runs: storage.runs,
        }),
        plan: (input, signal) => planSynthesis({ ...ports, resolve: library.resolve }, input, signal),
      },
    },
    log,
  );
  if (options.mode !== 'cli') {
    // a face that stays: what takes time goes on behind it
    const later = (what: string) => (error: unknown) => log.warn(`${what} failed`, { error });
    library.ready().catch(later('the first scan'));
    const isOpen = (run: { readonly state: { readonly type: string } }): boolean => run.state.type !== 'done';
    tidyUploads(ports, folders.data, () => [
      ...storage.facts.list('job/'), // inputs of jobs that are not done
      ...[...storage.runs.list(), ...storage.loads.list(), ...bench.sweeps.list()].filter(isOpen),
    ]).catch(later('removing old uploads'));
    if (settings.get().startServerAtLaunch) {
      server.startByItself().catch(later('starting the server at launch'));
    }
  }
  log.info('host started', { version, mode: options.mode, pid: options.pid });

  const owned = scope.move();
  return {
    router,
    log,
    keys: access.ring,
    info,
    onEvent: events.onEvent,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
