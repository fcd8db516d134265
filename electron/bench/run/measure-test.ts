import {
  engineTestSchema,
  type BenchModel,
  type BenchRun,
  type Cell,
} from '../../../shared/contract/bench.ts';
import type { TelemetrySample } from '../../../shared/contract/hardware.ts';
import { AppError, toAppError } from '../../../shared/errors/app-error.ts';
import { usableContextSize } from '../../../shared/units/usable-context.ts';
import { createApiArm } from '../measure/api-ladder.ts';
import { measureArms, type Arm } from '../measure/arms.ts';
import { createCellFindings, type CellFindings } from '../measure/cell-findings.ts';
import type { ForeignLoad } from '../conditions/cell-conditions.ts';
import type { Driver } from '../driver/create-driver.ts';
import { createEngineArm } from '../measure/engine-ladder.ts';
import type { TestRules } from '../verdicts/judge-test.ts';
import type { LoadedModel, ModelSlot } from '../measure/model-slot.ts';
import type { BenchPorts, IdleState } from '../ports.ts';
import { profileNamed } from '../profiles/list.ts';
import type { ProgressMeter, RunProgress } from './run-progress.ts';
import type { RunRecorder } from './run-recorder.ts';
import { untilDecidedRule, type StoppingRule } from '../stopping/stopping-rule.ts';
import type { TickMeter } from './tick-meter.ts';
import type { TimeSpan } from '../trust/time-span.ts';
import { warmUpRule, type WarmUpRule } from '../stopping/warm-up.ts';

/** What all cells of one execution share. */
export interface Execution {
  readonly ports: Pick<BenchPorts, 'clock' | 'log'>;
  readonly run: Pick<BenchRun, 'id' | 'spec' | 'models'>;
  readonly signal: AbortSignal;
  readonly recorder: RunRecorder;
  readonly progress: ProgressMeter;
  readonly ticks: TickMeter;
  readonly corpus: string;
  readonly idle: IdleState;
  readonly before: TelemetrySample | undefined;
  /** Readings with a monotonic stamp at or after `fromMs`. */
  readonly telemetrySince: (fromMs: number) => readonly TelemetrySample[];
  /** Load of other programs so far. */
  readonly foreign: () => readonly ForeignLoad[];
  /** A stretch before the first load in which nothing was measured. */
  readonly idleSpan: TimeSpan | undefined;
  /** Resolves once a reading lies behind what was measured last, where there are power readings. */
  readonly settleReadings: () => Promise<void>;
  readonly driver: () => Driver;
  readonly report: (progress: RunProgress, note: string) => void;
  readonly nameOf: (modelId: string) => string;
  /** How metrics are judged; with looks in a run until decided. */
  readonly rules: TestRules;
  /** When a run until decided has used up its time, on the monotonic clock; `Infinity` in others. */
  readonly endMs: number;
}

interface Contender {
  readonly cell: Cell;
  readonly loaded: LoadedModel;
  readonly findings: CellFindings;
  readonly arm: Arm;
}

const variantOf = ({ models }: Execution['run'], { modelId }: Cell): BenchModel['variant'] =>
  models.find((model) => model.modelId === modelId)?.variant ?? null;

/** What was asked for: llama.cpp rounds it up. */
const contextSizeOf = ({ spec }: Execution['run'], { facts }: LoadedModel): number => {
  const { contextSize = 'auto' } = spec.settings;
  return usableContextSize(contextSize === 'auto' ? facts : { ...facts, contextSize });
};

const createArm = async (execution: Execution, cell: Cell, loaded: LoadedModel): Promise<Arm> => {
  const { ports, run, signal, ticks, corpus } = execution;
  const common = { cellId: cell.id, replica: loaded.replica, clock: ports.clock, signal };
  if (cell.ladder === 'engine') {
    return createEngineArm({
      ...common,
      test: engineTestSchema.parse(cell.workload),
      onTokens: (tokens, spanMs) => ticks.add(cell.id, { tokens, spanMs }),
    });
  }
  const { profile, parameters } = cell.workload;
  const contextSize = contextSizeOf(run, loaded);
  return createApiArm({
    ...common,
    route: loaded.route,
    prompts: await loaded.prompts(corpus),
    target: await loaded.target(),
    driver: execution.driver(),
    profile: profileNamed(String(profile)).bind(parameters, contextSize),
    onTick: (tick) => ticks.add(cell.id, tick),
  });
};

/** Ends a cell that could not be measured. */
const giveUp = (execution: Execution, cell: Cell, error: AppError): void => {
  const { recorder, ports, nameOf, progress } = execution;
  ports.log.warn('benchmark cell failed', { runId: execution.run.id, cellId: cell.id, error });
  const { code, message, hint } = error;
  recorder.finished({
    ...cell,
    state: 'failed',
    error: { code, message, ...(hint !== undefined && { hint }) },
    endedAtMs: ports.clock.nowMs(),
  });
  execution.report(progress.finish(cell.id), `${nameOf(cell.modelId)} ${cell.test} failed`);
};

const prepare = async (
  execution: Execution,
  cells: readonly Cell[],
  slots: ReadonlyMap<string, ModelSlot>,
): Promise<readonly Contender[]> => {
  const contenders: Contender[] = [];
  for (const cell of cells) {
    const slot = slots.get(cell.modelId);
    if (slot === undefined) continue;
    try {
      const loaded = await slot.loaded();
      await loaded.replica.clearCache();
      const running: Cell = { ...cell, state: 'running', startedAtMs: execution.ports.clock.nowMs() };
      const arm = await createArm(execution, running, loaded);
      contenders.push({
        cell: running,
        loaded,
        findings: createCellFindings(running, running.startedAtMs ?? 0),
        arm,
      });
    } catch (error) {
      if (execution.signal.aborted) throw error;
      giveUp(execution, cell, toAppError(error));
    }
  }
  return contenders;
};

/** Resident memory of the engines in turn, for the live page, while `act` runs. */
const watchMemory = (
  execution: Execution,
  contenders: readonly Contender[],
): Disposable & { focus(id: string): void } => {
  let focused = contenders[0];
  const timer = execution.ports.clock.every(500, () => {
    focused?.loaded.replica.usage().then(
      ({ residentBytes }) => execution.ticks.setResidentBytes(residentBytes),
      (error: unknown) => execution.ports.log.debug('no memory reading', { error }), // the cell itself will tell
    );
  });
  return {
    focus: (id) => {
      focused = contenders.find(({ cell }) => cell.id === id);
    },
    [Symbol.dispose]: () => timer[Symbol.dispose](),
  };
};

const settle = (execution: Execution, contender: Contender, rule: WarmUpRule, fromMs: number): void => {
  const { recorder, progress, ports, nameOf } = execution;
  const { cell, findings, loaded } = contender;
  const finished = findings.finish(
    {
      idle: execution.idle,
      before: execution.before,
      telemetry: execution.telemetrySince(fromMs),
      wholeTelemetry: execution.telemetrySince(-Infinity),
      foreign: execution.foreign(),
      idleSpan: execution.idleSpan,
      asked: { ...execution.run.spec.settings, ...variantOf(execution.run, cell)?.settings },
      facts: loaded.facts,
      warmUpRule: rule,
    },
    ports.clock.nowMs(),
  );
  recorder.finished(finished);
  execution.report(progress.finish(cell.id), `${nameOf(cell.modelId)} ${cell.test} measured`);
};

/** What ends a test early; nothing in a run with a fixed number of repetitions. */
const stoppingOf = (
  { rules }: Execution,
  [base, candidate]: readonly Contender[],
  budgetMs: number,
): StoppingRule | undefined =>
  rules.untilDecided === undefined || base === undefined || candidate === undefined
    ? undefined
    : untilDecidedRule(
        base.cell,
        { base: base.findings.values, candidate: candidate.findings.values },
        rules,
        budgetMs,
      );

/** The arms of a comparison stand and fall together: a lone one proves nothing and is measured again with the other. */
const isLonely = ({ run }: Execution, cells: readonly Cell[], measured: number): boolean =>
  run.spec.untilDecided !== undefined && measured < cells.length;

/**
 * Measures one test over the models of a block, in turns, and finishes its cells.
 * @param budgetMs time a test that runs until decided may take
 */
export const measureTest = async (
  execution: Execution,
  cells: readonly Cell[],
  slots: ReadonlyMap<string, ModelSlot>,
  budgetMs: number,
): Promise<void> => {
  const { run, signal, recorder, progress, nameOf, ports } = execution;
  const contenders = await prepare(execution, cells, slots);
  const [first] = contenders;
  if (first === undefined) return;
  const giveUpLonely = (lonely: readonly Contender[]): void => {
    for (const { cell } of lonely) giveUp(execution, cell, new AppError('bench.arm-failed'));
  };
  if (isLonely(execution, cells, contenders.length)) {
    giveUpLonely(contenders);
    return;
  }
  const byId = new Map(contenders.map((contender) => [contender.cell.id, contender]));
  const failed = new Set<string>();
  const rule = warmUpRule(first.cell.ladder, run.spec.warmupBudgetMs);
  const fromMs = ports.clock.monotonicMs();
  using memory = watchMemory(execution, contenders);

  await measureArms(
    contenders.map(({ arm }) => arm),
    {
      warmUp: rule,
      repetitions: run.spec.repetitions,
      extraRepetitions: run.spec.extraRepetitions,
      stopping: stoppingOf(execution, contenders, budgetMs),
      clock: ports.clock,
      seed: run.spec.seed,
    },
    {
      signal,
      onStarted: (cellId) => {
        const contender = byId.get(cellId);
        if (contender !== undefined) recorder.started(contender.cell);
      },
      onTurn: (cellId) => memory.focus(cellId),
      onMeasured: (cellId, measured) => {
        const contender = byId.get(cellId);
        if (contender === undefined) return;
        contender.findings.add(measured);
        recorder.measured(cellId, measured);
        const kind = measured.repetition.isWarmup ? 'warm-up' : 'repetition';
        const { modelId, test } = contender.cell;
        execution.report(
          progress.step(cellId),
          `${nameOf(modelId)} ${test}: ${kind} ${measured.repetition.index + 1}`,
        );
      },
      onWarmedUp: (cellId, state, count) => byId.get(cellId)?.findings.warmedUp(state, count),
      onFailed: (cellId, error) => {
        failed.add(cellId);
        const contender = byId.get(cellId);
        if (contender !== undefined) giveUp(execution, contender.cell, error);
      },
    },
  );
  await execution.settleReadings();
  const whole = contenders.filter(({ cell }) => !failed.has(cell.id));
  if (isLonely(execution, cells, whole.length)) giveUpLonely(whole);
  else for (const contender of whole) settle(execution, contender, rule, fromMs);
};
