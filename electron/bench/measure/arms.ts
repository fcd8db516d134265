import type { Repetition, RequestSample } from '../../../shared/contract/bench.ts';
import { AppError, isAbort, toAppError } from '../../../shared/errors/app-error.ts';
import type { Clock } from '../../platform/ports.ts';
import type { StoppingRule } from '../stopping/stopping-rule.ts';
import { warmUpState, type WarmUpRule, type WarmUpState } from '../stopping/warm-up.ts';

/** What one repetition of one arm brought. */
export interface Measured {
  readonly repetition: Repetition;
  /** The speed that tells whether the arm has settled; `null` when nothing could be measured. */
  readonly speed: number | null;
  /** Requests of the repetition; empty on the engine ladder. */
  readonly samples: readonly RequestSample[];
  readonly loopDelayP99Ms: number | null;
  readonly promptCountError: number | null;
  /** Its prompts share beginnings on purpose. */
  readonly reusesPrompts: boolean;
}

export interface RepetitionRequest {
  /** Counts from 0, warm-ups and measured ones apart. */
  readonly index: number;
  readonly isWarmup: boolean;
  /** The same for every arm at the same index, so that all arms get the same work. */
  readonly seed: number;
}

/** One model under one test. */
export interface Arm {
  readonly cellId: string;
  measure(request: RepetitionRequest): Promise<Measured>;
}

export interface RoundRules {
  readonly warmUp: WarmUpRule;
  readonly repetitions: number;
  readonly extraRepetitions: { readonly upTo: number; readonly whileUnderMs: number } | undefined;
  /** Ends the test before its last repetition; then one arm alone is not worth going on with either. */
  readonly stopping?: StoppingRule | undefined;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly seed: number;
}

export interface RoundHooks {
  readonly signal: AbortSignal;
  onStarted(cellId: string): void;
  /** The arm's next repetition begins. */
  onTurn(cellId: string): void;
  onMeasured(cellId: string, measured: Measured): void;
  onWarmedUp(cellId: string, state: WarmUpState, count: number): void;
  /** The arm is out; the others go on. */
  onFailed(cellId: string, error: AppError): void;
}

/** Warm-ups get seeds of their own, far from the measured ones. */
const warmUpSeedOffset = 100_000;

/**
 * Order of the arms in a round: forward, then backward, alternating (ABBA for two). A drift of the machine that is
 * linear in time then cancels out of every comparison after each pair of rounds.
 */
export const orderOf = <T>(arms: readonly T[], round: number): readonly T[] =>
  round % 2 === 0 ? arms : arms.toReversed();

const warmUp = async (arm: Arm, rules: RoundRules, hooks: RoundHooks): Promise<void> => {
  const speeds: number[] = [];
  let spentMs = 0;
  let state: WarmUpState = 'unfinished';
  while (state === 'unfinished') {
    hooks.signal.throwIfAborted();
    const index = speeds.length;
    hooks.onTurn(arm.cellId);
    const measured = await arm.measure({
      index,
      isWarmup: true,
      seed: rules.seed + warmUpSeedOffset + index,
    });
    hooks.onMeasured(arm.cellId, measured);
    if (measured.speed === null) throw nothingMeasured(measured);
    speeds.push(measured.speed);
    spentMs += measured.repetition.wallMs;
    state = warmUpState(speeds, spentMs, rules.warmUp);
  }
  hooks.onWarmedUp(arm.cellId, state, speeds.length);
};

const nothingMeasured = ({ samples }: Measured): AppError => {
  const error = samples.find((sample) => sample.error !== null)?.error;
  return new AppError('bench.target-failed', error?.message ?? 'No request brought a token.');
};

/**
 * Measures all arms under one test: each warms up, then they take turns, one repetition each, in counterbalanced
 * order, until every arm has its repetitions. An arm that fails drops out.
 * @throws AppError `app.cancelled` when the signal aborts
 */
export const measureArms = async (
  arms: readonly Arm[],
  rules: RoundRules,
  hooks: RoundHooks,
): Promise<void> => {
  const alive = new Set(arms);
  const spentMs = new Map<Arm, number>();
  const attempt = async (arm: Arm, act: () => Promise<void>): Promise<void> => {
    try {
      hooks.signal.throwIfAborted();
      await act();
    } catch (error) {
      if (hooks.signal.aborted || isAbort(error))
        throw new AppError('app.cancelled', undefined, { cause: error });
      alive.delete(arm);
      hooks.onFailed(arm.cellId, toAppError(error));
    }
  };
  const startMs = rules.clock.monotonicMs();
  const isOver = (round: number): boolean =>
    rules.stopping !== undefined &&
    (alive.size < 2 || rules.stopping.isOver(round, rules.clock.monotonicMs() - startMs));
  const isDue = (round: number): boolean =>
    round < rules.repetitions ||
    (rules.extraRepetitions !== undefined &&
      round < rules.extraRepetitions.upTo &&
      [...alive].every((arm) => (spentMs.get(arm) ?? 0) < (rules.extraRepetitions?.whileUnderMs ?? 0)));

  for (const arm of arms) {
    await attempt(arm, async () => {
      hooks.onStarted(arm.cellId);
      await warmUp(arm, rules, hooks);
    });
  }
  for (let round = 0; alive.size > 0 && isDue(round) && !isOver(round); round += 1) {
    for (const arm of orderOf([...alive], round)) {
      await attempt(arm, async () => {
        hooks.onTurn(arm.cellId);
        const measured = await arm.measure({ index: round, isWarmup: false, seed: rules.seed + round });
        hooks.onMeasured(arm.cellId, measured);
        spentMs.set(arm, (spentMs.get(arm) ?? 0) + measured.repetition.wallMs);
        if (measured.speed === null) throw nothingMeasured(measured);
      });
    }
  }
};
