import { join } from 'node:path';
import type { TimelinePoint } from '../../shared/contract/bench-tick.ts';
import {
  benchStartInputSchema,
  METRICS_VERSION,
  type BenchRun,
  type BenchStartInput,
  type Comparison,
  type RunSummary,
} from '../../shared/contract/bench.ts';
import type { Preset } from '../../shared/contract/preset.ts';
import type { CellRepetition } from '../../shared/contract/bench-live.ts';
import type { MarkedSample } from '../../shared/contract/marked-sample.ts';
import type { Model } from '../../shared/contract/models.ts';
import type { NoiseFloor, NoiseFloors } from '../../shared/contract/noise-floor.ts';
import { AppError, fromPayload, readErrorPayload } from '../../shared/errors/app-error.ts';
import { toBenchModel } from './plan/bench-model.ts';
import { calibrationInput, type CalibrateInput } from './verdicts/calibration.ts';
import { compareRuns } from './compare/compare.ts';
import { contendersOf, type Contender } from './plan/contenders.ts';
import { createFloorStore } from './verdicts/floor-store.ts';
import { planJudges } from './judge/plan-judges.ts';
import { planMakes } from './make/plan-makes.ts';
import { readCalibration } from './make/read-calibration.ts';
import { markOutliers } from './figures/mark-outliers.ts';
import { runNameOf } from './model-names.ts';
import { planRun, type BenchInput, type BenchPlan } from './plan/plan.ts';
import { fingerprintOf } from './verdicts/noise-floor.ts';
import type { BenchPorts } from './ports.ts';
import { listPresets, presetNamed, withOwnTests } from './plan/presets.ts';
import { repeatCommandOf } from './plan/repeat-command.ts';
import { llamaBenchRows, renderLlamaBenchMarkdown } from './report/llama-bench-row.ts';
import { createMeasuringTurn } from './run/measuring-turn.ts';
import { createRunLifecycle, paceKey, type ExecuteRunOptions } from './run/run-lifecycle.ts';
import { summaryOf } from './compare/run-summary.ts';
import { createSweeps, type Sweeps } from './sweep/create-sweeps.ts';
import { sha256Of } from './workload.ts';

export interface Bench {
  /** Searches over engine settings; a sweep and a run never measure at the same time. */
  readonly sweeps: Sweeps;
  presets(): readonly Preset[];
  /** What a run would measure, without starting it. @throws AppError as `start` does */
  plan(input: BenchStartInput): Promise<BenchPlan>;
  /**
   * Plans a run and keeps it; `execute` measures it.
   * @throws AppError `app.bad-input`, `models.*`, `bench.busy`, `files.not-found`, `quality.bad-tasks`
   */
  start(input: BenchStartInput): Promise<{ readonly runId: string }>;
  /**
   * Plans a run of one model against itself; once measured, its noise floor is kept for comparisons on this machine.
   * @throws AppError as `start` does
   */
  calibrate(input: CalibrateInput): Promise<{ readonly runId: string }>;
  /** The noise floor comparisons on this machine use now. */
  noiseFloors(): Promise<NoiseFloors>;
  /** The floor of a run's own time, else one that was measured later on a machine like its own. */
  noiseFloorOf(run: BenchRun): NoiseFloor | null;
  /**
   * Measures what the run has not measured yet, and resolves when every part of it is done. A run that was cancelled or
   * killed, or that failed, goes on where it stopped: finished cells are kept and never measured again.
   * @throws AppError `app.cancelled`, `bench.busy`, `bench.run-not-found`, `bench.not-resumable`; the first cell's error
   *   when not a single cell could be measured; `bench.partly-failed` when some parts could not, and the rest is kept
   */
  execute(runId: string, options: ExecuteRunOptions): Promise<void>;
  /** @throws AppError `bench.run-not-found`, `bench.not-resumable`, `bench.busy` */
  assertResumable(runId: string): void;
  /** Marks runs a dead process left `running` as interrupted. For the start of the host. */
  markInterrupted(): void;
  /** Newest first. */
  list(): readonly RunSummary[];
  /** @throws AppError `bench.run-not-found` */
  get(runId: string): BenchRun;
  /** Every request as it was seen, with the metrics in which it is an outlier of its cell. */
  samples(runId: string, cellId?: string): readonly MarkedSample[];
  /** Measured so far, cell by cell. @throws AppError `bench.run-not-found` */
  repetitions(runId: string): readonly CellRepetition[];
  /** Up to this moment, also while the run is measured. @throws AppError `bench.run-not-found` */
  timeline(runId: string): readonly TimelinePoint[];
  /** @throws AppError `bench.run-not-found`, `bench.not-comparable` */
  compare(runIds: readonly string[], baseModelId?: string): Comparison;
  /**
   * The engine results of a run as the Markdown table llama-bench prints; empty where nothing of that kind was measured.
   * @throws AppError `bench.run-not-found`
   */
  llamaBenchTable(runId: string): string;
  /** @throws AppError `bench.run-not-found`, `bench.busy` while it runs */
  remove(runId: string): void;
}

const missingFloor =
  'None was measured with this processor, this Dyno and this llama.cpp. "dyno calibrate" takes about two minutes.';

/** The bench: plans runs, measures them, keeps them, compares them and writes reports. */
export const createBench = (ports: BenchPorts): Bench => {
  const { runs, facts, clock } = ports;
  const readCorpus = (): Promise<string> =>
    ports.files.readText(join(ports.folders.resources, 'text', 'heldout.txt'));

  const turn = createMeasuringTurn(ports);
  const lifecycle = createRunLifecycle(ports, readCorpus, turn);
  const floors = createFloorStore(facts);
  const sweeps = createSweeps(ports, turn, floors);
  const get = (runId: string): BenchRun => lifecycle.get(runId);

  const resolveAll = async (names: readonly string[]): Promise<readonly Model[]> => {
    const models: Model[] = [];
    for (const name of names) {
      const model = await ports.resolveModel(name);
      const problem = readErrorPayload(model.problem);
      if (problem !== undefined) throw fromPayload(problem);
      models.push(model);
    }
    return models;
  };
  const prepare = async (raw: BenchStartInput) => {
    const parsed = benchStartInputSchema.safeParse(raw);
    if (!parsed.success) {
      throw new AppError('app.bad-input', parsed.error.issues[0]?.message, { cause: parsed.error });
    }
    const input: BenchInput = parsed.data;
    const preset = withOwnTests(presetNamed(input.preset), {
      ...(input.engineTests !== undefined && { engineTests: input.engineTests }),
      ...(input.apiTests !== undefined && { apiTests: input.apiTests }),
    });
    const given = await resolveAll(input.models);
    const [base] = given;
    const calibration = await readCalibration(ports, input);
    const { makes, models: made } =
      base === undefined || input.make === undefined
        ? { makes: [], models: [] }
        : await planMakes(base, input.make, (type) => ports.maker.find(base, type, calibration), calibration);
    const distinct = [...new Map([...given, ...made].map((model) => [model.id, model])).values()];
    const contenders =
      input.ownSettings === undefined
        ? distinct.map((model): Contender => ({ model, variant: null }))
        : contendersOf(given, input.ownSettings);
    const models = contenders.map(({ model }) => model);
    if (input.untilDecided !== undefined && models.length !== 2) {
      throw new AppError('app.bad-input', `A comparison has two arms, not ${models.length}.`, {
        hint: 'Name two models, or one and settings for its second arm.',
      });
    }
    const corpusSha256 = sha256Of(await readCorpus());
    return { input, given, makes, contenders, plan: planRun({ input, preset, models, corpusSha256 }) };
  };

  const plan = async (raw: BenchStartInput, { isCalibration = false } = {}) => {
    lifecycle.assertIdle();
    const { input, given, makes, contenders, plan: planned } = await prepare(raw);
    if (input.judge !== undefined) await ports.judge.check(input.judge); // judging comes last, hours later
    const benchModels = await Promise.all(
      contenders.map(async ({ model, variant }) =>
        toBenchModel(model, model.path === '' ? null : await ports.chatTemplate(model.path), variant),
      ),
    );
    const runId = ports.random.id('run');
    runs.create(
      {
        id: runId,
        name: input.name ?? runNameOf(benchModels),
        createdAtMs: clock.nowMs(),
        endedAtMs: null,
        metricsVersion: METRICS_VERSION,
        dynoVersion: ports.version,
        spec: { ...planned.spec, ...(isCalibration && { isCalibration }) },
        state: { type: 'queued' },
        machine: await ports.inventory(),
        idle: {
          foreignCpuPercent: null,
          availableMemoryBytes: ports.host.availableMemoryBytes(),
          temperatureC: null,
          powerSource: null,
          isPowerSaver: null,
          governor: null,
        },
        models: benchModels,
        noiseFloor: null,
        makes: [...makes],
        loads: [],
        notes: [],
        judges: input.judge === undefined ? [] : [...planJudges(benchModels)],
        trust: null,
        repeatCommand: repeatCommandOf(
          input,
          given.map(({ id }) => id),
          { isCalibration },
        ),
      },
      planned.cells,
    );
    return { runId };
  };

  const noiseFloors = async (): Promise<NoiseFloors> => {
    const current = floors.find(fingerprintOf(await ports.inventory(), ports.version));
    return { current, missing: current === null ? missingFloor : null };
  };
  const noiseFloorOf: Bench['noiseFloorOf'] = (run) =>
    run.noiseFloor ??
    floors.find(
      fingerprintOf(run.machine, run.dynoVersion),
      run.models.map((model) => model.variant?.of ?? model.modelId),
    );
  const comparedRun = (runId: string) => {
    const run = get(runId);
    return {
      run: { ...run, noiseFloor: noiseFloorOf(run) },
      repetitions: (cellId: string) => runs.repetitions(runId, cellId),
    };
  };

  return {
    sweeps,
    presets: () =>
      listPresets((name) => {
        const seconds = facts.get(paceKey(name));
        return typeof seconds === 'number' ? seconds : null;
      }),
    plan: async (input) => (await prepare(input)).plan,
    start: (input) => plan(input),
    calibrate: (input) => plan(calibrationInput(input), { isCalibration: true }),
    noiseFloors,
    noiseFloorOf,
    execute: (runId, options) => lifecycle.execute(runId, options),
    assertResumable: (runId) => lifecycle.assertResumable(runId),
    markInterrupted: () => {
      sweeps.markInterrupted();
      for (const run of runs.list()) {
        const isLeft = run.state.type === 'running' || run.state.type === 'queued';
        if (isLeft && !lifecycle.isExecuting(run.id)) runs.update(run.id, { state: { type: 'interrupted' } });
      }
    },
    list: () => runs.list().map(summaryOf),
    get,
    samples: (runId, cellId) => markOutliers(runs.requestSamples(get(runId).id, cellId)),
    repetitions: (runId) =>
      get(runId).cells.flatMap((cell) =>
        runs.repetitions(runId, cell.id).map((repetition) => ({ ...repetition, cellId: cell.id })),
      ),
    timeline: (runId) => {
      lifecycle.flush(runId);
      return runs.timeline(get(runId).id);
    },
    compare: (runIds, baseModelId) => compareRuns(runIds.map(comparedRun), baseModelId),
    llamaBenchTable: (runId) => {
      const { run, repetitions } = comparedRun(runId);
      return renderLlamaBenchMarkdown(llamaBenchRows(run, repetitions));
    },
    remove: (runId) => {
      if (lifecycle.isExecuting(get(runId).id)) lifecycle.assertIdle();
      runs.remove(runId);
    },
  };
};
