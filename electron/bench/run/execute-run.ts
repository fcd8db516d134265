import type { BenchModel, BenchRun, Cell } from '../../../shared/contract/bench.ts';
import type { TelemetrySample } from '../../../shared/contract/hardware.ts';
import { formatFraction } from '../../../shared/units/format.ts';
import { collectForeignLoad } from '../conditions/foreign-load.ts';
import { createCommonThreads } from '../measure/common-threads.ts';
import { createDriver, type Driver } from '../driver/create-driver.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { createFloorStore } from '../verdicts/floor-store.ts';
import { testRules } from '../verdicts/judge-test.ts';
import { measureTest, type Execution } from './measure-test.ts';
import { namesOf, threadDifference } from '../model-names.ts';
import { createModelSlot, type ModelSlot } from '../measure/model-slot.ts';
import { fingerprintOf } from '../verdicts/noise-floor.ts';
import { freeVramBytes, planBlocks, type BlockPlan } from '../measure/plan-blocks.ts';
import type { BenchPorts } from '../ports.ts';
import { createProgressMeter, type RunProgress } from './run-progress.ts';
import type { RunRecorder } from './run-recorder.ts';
import type { TimeSpan } from '../trust/time-span.ts';
import { createTickMeter } from './tick-meter.ts';

export interface ExecuteOptions {
  readonly signal: AbortSignal;
  readonly report: (progress: RunProgress, note: string) => void;
  readonly corpus: string;
  readonly recorder: RunRecorder;
}

/** The longest stretch of readings kept in memory; what is older lies in the store. */
const keptReadings = 20_000;

/** Readings come two to four times a second. */
const nextReadingMs = 2000;

/** Readings of the run so far, and a line of them into the timeline. */
const collectTelemetry = (ports: BenchPorts, recorder: RunRecorder) => {
  const readings: TelemetrySample[] = [];
  let wake: (() => void) | undefined;
  const subscription = ports.watchTelemetry((sample) => {
    if (readings.push(sample) > keptReadings) readings.shift();
    recorder.telemetry(sample);
    wake?.();
  });
  return {
    last: () => readings.at(-1),
    /** Resolves with the next reading, or after two seconds without one. */
    next: async (signal: AbortSignal): Promise<void> => {
      const patience = new AbortController();
      const came = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const enough = ports.clock.sleep(nextReadingMs, AbortSignal.any([patience.signal, signal]));
      await Promise.race([came, enough]).finally(() => patience.abort());
    },
    since: (fromMs: number) => readings.filter((sample) => sample.atMs >= fromMs),
    [Symbol.dispose]: () => subscription[Symbol.dispose](),
  };
};

/** The idle draw needs a few readings of a machine at rest; without a power sensor nobody waits for them. */
const idlePowerMs = 2500;

const tellsPower = (reading: TelemetrySample | undefined): boolean =>
  reading !== undefined &&
  (reading.cpu.packageEnergyJoules !== null || reading.gpus.some(({ powerWatts }) => powerWatts !== null));

const watchIdlePower = async (
  { clock }: Pick<BenchPorts, 'clock'>,
  reading: TelemetrySample | undefined,
  fromMs: number,
  signal: AbortSignal,
): Promise<TimeSpan | undefined> => {
  if (!tellsPower(reading)) return undefined;
  await clock.sleep(Math.max(0, fromMs + idlePowerMs - clock.monotonicMs()), signal);
  return { fromMs, toMs: clock.monotonicMs() };
};

const describeOrder = (plan: BlockPlan): string | undefined => {
  if (plan.blocks.flat().length === 1) return undefined;
  return plan.order === 'interleaved'
    ? 'All models fit in memory together: their repetitions take turns.'
    : 'The models do not fit in memory together: they are measured one after the other, so slow changes of the machine are not cancelled out.';
};

/** Cells by test, tests in the order of the plan: engine ladder first. */
const byTest = (cells: readonly Cell[]): readonly (readonly Cell[])[] => [
  ...Map.groupBy(cells, (cell) => cell.test).values(),
];

const measureBlock = async (
  execution: Execution,
  cells: readonly Cell[],
  slots: readonly ModelSlot[],
): Promise<void> => {
  const byModel = new Map(slots.map((slot) => [slot.model.modelId, slot]));
  const tests = byTest(cells);
  for (const [index, group] of tests.entries()) {
    if (index > 0) await coolDown(execution);
    const leftMs = execution.endMs - execution.ports.clock.monotonicMs();
    await measureTest(execution, group, byModel, leftMs / (tests.length - index));
    execution.recorder.flush();
  }
};

/** Arms that are compared or calibrated must take turns; one after the other would compare the hours, too. */
const assertTogether = ({ isCalibration, untilDecided }: BenchRun['spec'], plan: BlockPlan): void => {
  if (plan.order === 'interleaved' || (isCalibration !== true && untilDecided === undefined)) return;
  throw new AppError('bench.arms-do-not-fit', undefined, {
    hint: isCalibration
      ? 'Calibrate with a smaller model, or with --arms 2.'
      : 'Lower --context or --gpu-layers; or measure each with "dyno bench" and compare the two runs.',
  });
};

const coolDown = async ({ ports, run, signal }: Execution): Promise<void> => {
  if (run.spec.coolDownMs > 0) await ports.clock.sleep(run.spec.coolDownMs, signal);
};

/**
 * Measures every cell of `run` that is not done yet and keeps each as soon as it is finished. Cells that fail carry
 * their error; the others go on.
 * @throws AppError `app.cancelled` when the signal aborts; what was finished stays
 */
export const executeRun = async (
  ports: BenchPorts,
  run: BenchRun,
  { signal, report, corpus, recorder }: ExecuteOptions,
): Promise<void> => {
  const open = run.cells.filter((cell) => cell.state === 'waiting');
  const models = run.models.filter((model) => open.some((cell) => cell.modelId === model.modelId));
  const engines = new Map(run.models.map((model) => [model.modelId, model]));
  const rememberEngine = (model: BenchModel, facts: NonNullable<BenchModel['engine']>): void => {
    engines.set(model.modelId, { ...(engines.get(model.modelId) ?? model), engine: facts });
    ports.runs.update(run.id, { models: [...engines.values()] });
    const difference = threadDifference([...engines.values()]);
    if (difference !== undefined) recorder.note(difference);
  };
  const settingsOf = (model: BenchModel) => ({ ...run.spec.settings, ...model.variant?.settings });
  const threads = createCommonThreads(
    run.models.flatMap((model) =>
      model.engine === null || typeof settingsOf(model).threads === 'number' ? [] : [model.engine],
    ),
  );
  await using resources = new AsyncDisposableStack();
  resources.defer(() => recorder.flush());
  const telemetry = resources.use(collectTelemetry(ports, recorder));
  let driver: Driver | undefined;

  report({ fraction: 0, etaMs: null }, 'Looking at what else the machine is doing');
  const idleFromMs = ports.clock.monotonicMs();
  const idle = await ports.idleProbe(signal);
  const idleSpan = await watchIdlePower(ports, telemetry.last(), idleFromMs, signal);
  const foreign = resources.use(collectForeignLoad(ports));
  const machine = await ports.inventory();
  const plan = planBlocks(models, {
    availableRamBytes: ports.host.availableMemoryBytes(),
    freeVramBytes: freeVramBytes(machine, run.spec.settings.gpuLayers),
  });
  const noiseFloor = createFloorStore(ports.facts).find(
    fingerprintOf(machine, run.dynoVersion),
    run.models.map((model) => model.variant?.of ?? model.modelId),
  );
  ports.runs.update(run.id, { idle, machine, noiseFloor, spec: { ...run.spec, order: plan.order } });
  assertTogether(run.spec, plan);
  const order = describeOrder(plan);
  if (order !== undefined) recorder.note(order);

  const progress = createProgressMeter(run.cells, run.spec.repetitions, ports.clock);
  const nameOf = namesOf(run.models);
  const execution: Execution = {
    ports,
    run,
    signal,
    recorder,
    progress,
    ticks: createTickMeter((tick) => recorder.tick(tick)),
    corpus,
    idle,
    before: telemetry.last(),
    telemetrySince: telemetry.since,
    foreign: foreign.loads,
    idleSpan,
    // energy is known between two readings only, so the end of a test waits for the one behind it
    settleReadings: async () => {
      if (tellsPower(telemetry.last())) await telemetry.next(signal);
    },
    driver: () => (driver ??= resources.use(createDriver(ports.processes))),
    report,
    nameOf,
    rules: testRules(run.spec.untilDecided, noiseFloor, run.spec.seed),
    endMs: ports.clock.monotonicMs() + (run.spec.untilDecided?.maxMinutes ?? Infinity) * 60_000,
  };
  for (const [index, block] of plan.blocks.entries()) {
    if (index > 0) await coolDown(execution);
    await using opened = new AsyncDisposableStack();
    const slots = models
      .filter((model) => block.includes(model.modelId))
      .map((model) =>
        opened.use(
          createModelSlot({
            ports,
            model,
            settings: settingsOf(model),
            threads,
            signal,
            onLoading: () => recorder.loading(model.modelId),
            onProgress: (fraction) =>
              report(progress.now(), `Loading ${nameOf(model.modelId)}, ${formatFraction(fraction)}`),
            onLoaded: (facts) => rememberEngine(model, facts),
          }),
        ),
      );
    await measureBlock(
      execution,
      open.filter((cell) => block.includes(cell.modelId)),
      slots,
    );
  }
};
