import {
  sweepInputSchema,
  type Sweep,
  type SweepCandidate,
  type SweepInput,
} from '../../../shared/contract/sweep.ts';
import {
  AppError,
  fromPayload,
  isAbort,
  readErrorPayload,
  toAppError,
} from '../../../shared/errors/app-error.ts';
import type { FloorStore } from '../verdicts/floor-store.ts';
import { fingerprintOf } from '../verdicts/noise-floor.ts';
import type { MeasuringTurn } from '../run/measuring-turn.ts';
import { partlyFailed } from '../run/partly-failed.ts';
import type { BenchPorts } from '../ports.ts';
import { trustOf } from '../trust/combine-trust.ts';
import { idleReasons } from '../trust/machine.ts';
import { spreadReasons } from '../trust/spread.ts';
import { decide } from './decide.ts';
import { executeSweep } from './execute-sweep.ts';
import { expandGrid } from './grid.ts';
import { plannedRepetitions } from './halving.ts';
import { scoreFloor } from './score-floor.ts';
import { sweepCommandOf } from './sweep-command.ts';
import { createSweepStore } from './sweep-store.ts';

export interface SweepProgress {
  readonly fraction: number;
  readonly note: string;
}

/** Searches over engine settings; see docs/engine-ladder.md. */
export interface Sweeps {
  /** Plans a sweep and keeps it; `execute` measures it. @throws AppError `app.bad-input`, `models.*`, `bench.busy` */
  start(input: SweepInput): Promise<Sweep>;
  /**
   * Measures what is missing and resolves with the winner told. One that was cancelled or killed goes on from its last
   * repetition.
   * @throws AppError `app.cancelled`, `bench.busy`, `bench.run-not-found`, `bench.not-resumable`; the first candidate's
   *   error when none could be measured; `bench.partly-failed`, with the winner told, when some could not
   */
  execute(
    sweepId: string,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: SweepProgress) => void },
  ): Promise<void>;
  /** @throws AppError `bench.run-not-found`, `bench.not-resumable`, `bench.busy` */
  assertResumable(sweepId: string): void;
  markInterrupted(): void;
  list(): readonly Sweep[];
  /** @throws AppError `bench.run-not-found` */
  get(sweepId: string): Sweep;
  /** @throws AppError `bench.run-not-found`, `bench.busy` while it runs */
  remove(sweepId: string): void;
}

const repetitionsOf = (candidates: readonly SweepCandidate[]): number =>
  candidates.reduce((sum, { repetitions }) => sum + repetitions.length, 0);

const trustOfSweep = (sweep: Sweep, idle: Awaited<ReturnType<BenchPorts['idleProbe']>>): Sweep['trust'] => {
  const winner = sweep.candidates.find(({ id }) => id === sweep.winnerId);
  const values = (key: 'prefillTps' | 'decodeTps') =>
    winner?.repetitions.flatMap((repetition) => repetition[key] ?? []) ?? [];
  return trustOf([
    ...idleReasons(idle, undefined),
    ...spreadReasons('engine', (metric) =>
      metric === 'prefillTps' || metric === 'decodeTps' ? values(metric) : [],
    ),
  ]);
};

export const createSweeps = (
  ports: BenchPorts,
  turn: MeasuringTurn,
  floors: Pick<FloorStore, 'find'>,
): Sweeps => {
  const store = createSweepStore(ports.facts);
  const { clock } = ports;
  const change = (sweepId: string, patch: Partial<Sweep>): Sweep => {
    const next = { ...store.get(sweepId), ...patch };
    store.put(next);
    ports.publish({ type: 'sweep.changed', sweepId });
    return next;
  };
  const putCandidate = (sweepId: string, candidate: SweepCandidate): void => {
    const { candidates } = store.get(sweepId);
    change(sweepId, {
      candidates: candidates.map((known) => (known.id === candidate.id ? candidate : known)),
    });
  };
  const assertResumable = (sweepId: string): void => {
    const sweep = store.get(sweepId);
    if (sweep.state.type === 'done') {
      throw new AppError('bench.not-resumable', 'This sweep is finished.', {
        hint: `Measure it again: ${sweep.repeatCommand}`,
      });
    }
    turn.assertFree();
  };

  const measure = async (
    sweepId: string,
    { signal, onProgress }: Parameters<Sweeps['execute']>[1],
  ): Promise<void> => {
    const reopened = store
      .get(sweepId)
      .candidates.map((candidate) =>
        candidate.state === 'eliminated'
          ? candidate
          : { ...candidate, state: 'racing' as const, error: null, againstWinner: null },
      );
    change(sweepId, {
      candidates: reopened,
      endedAtMs: null,
      state: { type: 'running', fraction: null, etaMs: null, note: '' },
    });
    const { spec } = store.get(sweepId);
    const report = (note: string): void => {
      const { candidates } = store.get(sweepId);
      // those that were stopped in their warm-up take no repetition
      const contested = candidates.filter((one) => !one.isDefault && one.elimination?.rung !== 0).length;
      const planned = plannedRepetitions(contested, spec);
      onProgress({ fraction: Math.min(1, repetitionsOf(candidates) / planned), note });
    };
    report('Looking at what else the machine is doing');
    const idle = await ports.idleProbe(signal);
    await executeSweep(
      {
        ports,
        signal,
        get: () => store.get(sweepId),
        put: (one) => putCandidate(sweepId, one),
        note: report,
      },
      (order) => void change(sweepId, { order }),
    );
    report('Telling the winner');
    const { candidates } = store.get(sweepId);
    const machine = fingerprintOf(await ports.inventory(), ports.version);
    const { modelId } = store.get(sweepId);
    const floorShare = scoreFloor(floors.find(machine, [modelId]), spec.decodeWeight);
    const decision = decide(candidates, floorShare);
    if (decision === undefined) {
      const payload = readErrorPayload(candidates.find(({ error }) => error !== null)?.error);
      throw payload === undefined ? new AppError('app.internal') : fromPayload(payload);
    }
    const decided = change(sweepId, {
      candidates: [...decision.candidates],
      winnerId: decision.winnerId,
      sentence: decision.sentence,
      floorShare,
    });
    change(sweepId, { trust: trustOfSweep(decided, idle) });
    const failed = decided.candidates.flatMap(({ label, error }) =>
      error === null ? [] : [{ what: `${label} failed`, error }],
    );
    if (failed.length > 0) throw partlyFailed(failed, `"dyno sweeps resume ${sweepId}"`);
    change(sweepId, { endedAtMs: clock.nowMs(), state: { type: 'done', resultId: sweepId } });
  };

  return {
    start: async (raw) => {
      turn.assertFree();
      const parsed = sweepInputSchema.safeParse(raw);
      if (!parsed.success) {
        throw new AppError('app.bad-input', parsed.error.issues[0]?.message, { cause: parsed.error });
      }
      const model = await ports.resolveModel(parsed.data.model);
      const problem = readErrorPayload(model.problem);
      if (problem !== undefined) throw fromPayload(problem);
      const sweep: Sweep = {
        id: ports.random.id('sweep'),
        createdAtMs: clock.nowMs(),
        endedAtMs: null,
        dynoVersion: ports.version,
        spec: { ...parsed.data, model: model.id },
        modelId: model.id,
        modelPath: model.path,
        modelName: model.name,
        quantization: model.quantization,
        sizeBytes: model.sizeBytes,
        state: { type: 'queued' },
        order: null,
        candidates: [...expandGrid(parsed.data)],
        winnerId: null,
        floorShare: null,
        sentence: null,
        trust: null,
        repeatCommand: sweepCommandOf({ ...parsed.data, model: model.id }),
      };
      store.put(sweep);
      return sweep;
    },
    execute: async (sweepId, options) => {
      assertResumable(sweepId);
      using _turn = turn.take(sweepId);
      try {
        await measure(sweepId, options);
      } catch (error) {
        const isStopped = options.signal.aborted || isAbort(error);
        const failure = isStopped
          ? new AppError('app.cancelled', undefined, { cause: error })
          : toAppError(error);
        const { code, message, hint } = failure;
        change(sweepId, {
          endedAtMs: clock.nowMs(),
          state: isStopped
            ? { type: 'cancelled' }
            : { type: 'failed', error: { code, message, ...(hint !== undefined && { hint }) } },
        });
        throw failure;
      }
    },
    assertResumable,
    markInterrupted: () => {
      for (const { id, state } of store.list()) {
        const isLeft = state.type === 'running' || state.type === 'queued';
        if (isLeft && turn.current() !== id && ports.foreignRun()?.runId !== id)
          change(id, { state: { type: 'interrupted' } });
      }
    },
    list: () => store.list(),
    get: (sweepId) => store.get(sweepId),
    remove: (sweepId) => {
      if (store.get(sweepId).id === turn.current()) turn.assertFree();
      store.remove(sweepId);
      ports.publish({ type: 'sweep.changed', sweepId });
    },
  };
};
