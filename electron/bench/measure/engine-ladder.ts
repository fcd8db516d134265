import type { EngineTest, Repetition } from '../../../shared/contract/bench.ts';
import type { EngineReplica, LadderRepetition } from '../../engine/engine.ts';
import type { Clock } from '../../platform/ports.ts';
import type { Arm, Measured } from './arms.ts';

/**
 * A repetition lasts at least this long: a test that is over sooner is passed several times and counted as one, or
 * the timer's grain and a single interrupt would decide the result of a small model.
 */
const minimumRepetitionMs = 150;
const maximumPasses = 64;

interface EngineArmOptions {
  readonly cellId: string;
  readonly replica: Pick<EngineReplica, 'runLadder'>;
  readonly test: EngineTest;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly signal: AbortSignal;
  /** Tokens done since the last call, and the time since then, ms. */
  readonly onTokens: (tokens: number, spanMs: number) => void;
}

const valuesOf = ({ kind, sequences }: EngineTest, tokensPerSecond: number): Repetition['values'] => {
  if (kind === 'prefill') return { prefillTps: tokensPerSecond };
  return sequences === 1
    ? { decodeTps: tokensPerSecond }
    : { decodeTps: tokensPerSecond / sequences, systemTps: tokensPerSecond };
};

/** A model under one test of the engine ladder: no HTTP, greedy, prefix cache off; comparable to llama-bench. */
export const createEngineArm = (options: EngineArmOptions): Arm => {
  const { replica, test, clock, signal, onTokens } = options;
  let passes = 1;

  /** One run of the test; what happened between two ticks is told at once, the rest when the pass is over. */
  const runPass = async (seed: number): Promise<LadderRepetition> => {
    let last: { readonly tokens: number; readonly atMs: number } | undefined;
    let toldTokens = 0;
    let toldMs = 0;
    const tell = (tokens: number, spanMs: number): void => {
      toldTokens += tokens;
      toldMs += spanMs;
      onTokens(tokens, spanMs);
    };
    const result = await replica.runLadder(
      { ...test, seed },
      {
        signal,
        onTick: (tokens) => {
          const atMs = clock.monotonicMs();
          if (last !== undefined) tell(tokens - last.tokens, atMs - last.atMs);
          last = { tokens, atMs };
        },
      },
    );
    tell(result.tokens - toldTokens, Math.max(0, result.wallMs - toldMs));
    return result;
  };

  return {
    cellId: options.cellId,
    measure: async ({ index, isWarmup, seed }): Promise<Measured> => {
      const startedAtMs = clock.monotonicMs();
      let wallMs = 0;
      let tokens = 0;
      let cpuMs = 0;
      let residentBytes = 0;
      for (let pass = 0; pass < passes; pass += 1) {
        const result = await runPass(seed * maximumPasses + pass);
        wallMs += result.wallMs;
        tokens += result.tokens;
        cpuMs += result.cpuPerWall * result.wallMs;
        residentBytes = Math.max(residentBytes, result.residentBytes);
      }
      // the first warm-up tells how many passes fill a repetition; from then on the number stands
      if (isWarmup && index === 0) {
        passes = Math.min(maximumPasses, Math.max(1, Math.ceil(minimumRepetitionMs / wallMs)));
      }
      const tokensPerSecond = (tokens / wallMs) * 1000;
      return {
        repetition: {
          index,
          isWarmup,
          startedAtMs,
          wallMs,
          cpuPerWall: cpuMs / wallMs,
          values: valuesOf(test, tokensPerSecond),
          residentBytes,
        },
        speed: tokensPerSecond,
        samples: [],
        loopDelayP99Ms: null,
        promptCountError: null,
        reusesPrompts: false,
      };
    },
  };
};
