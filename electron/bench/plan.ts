import type { BenchSpec, benchStartInputSchema, Cell } from '../../shared/contract/bench.ts';
import type { z } from 'zod';
import { engineSettingsSchema, type Model } from '../../shared/contract/models.ts';
import { freshCell } from './fresh-cell.ts';
import type { BenchPreset } from './presets.ts';
import { profileNamed } from './profiles/list.ts';
import { clipEngineTest, engineTestName, workloadHashOf } from './workload.ts';

/** The parsed wish of a user. */
export type BenchInput = z.output<typeof benchStartInputSchema>;

export interface BenchPlan {
  readonly spec: BenchSpec;
  /** Model after model, test after test; all waiting. */
  readonly cells: readonly Cell[];
}

interface PlanInput {
  readonly input: BenchInput;
  readonly preset: BenchPreset;
  readonly models: readonly Model[];
  /** SHA-256 of the text prompts are cut from: part of the API workload. */
  readonly corpusSha256: string;
}

type CellTest = Pick<Cell, 'ladder' | 'test' | 'workload'>;

const defaultSlots = engineSettingsSchema.parse({}).slots;
/** Used where a file does not say its training context. */
const assumedContextTokens = 4096;

const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;

/** Tests with clipped lengths; two wishes that clip to the same test are one. */
const planTests = (preset: BenchPreset, contextSize: number, corpusSha256: string): readonly CellTest[] => {
  const engine = preset.engineTests.map((wish): CellTest => {
    const test = clipEngineTest(wish, contextSize);
    return { ladder: 'engine', test: engineTestName(test), workload: { ...test } };
  });
  const api = preset.apiTests.map((wish): CellTest => {
    const profile = profileNamed(wish.profile).bind(wish.parameters, contextSize);
    return {
      ladder: 'api',
      test: profile.test,
      workload: { profile: profile.name, parameters: profile.parameters, corpusSha256, sampling: 'greedy' },
    };
  });
  return [...new Map([...engine, ...api].map((test) => [test.test, test])).values()];
};

/** Tokens per slot the preset's longest test wants. */
const wantedContext = (preset: BenchPreset): number =>
  Math.max(
    ...preset.engineTests.map((test) => test.depth + test.tokens),
    ...preset.apiTests.map(
      (test) => profileNamed(test.profile).bind(test.parameters, Number.MAX_SAFE_INTEGER).tokensPerRequest,
    ),
  );

const wantedSlots = (preset: BenchPreset): number =>
  Math.max(
    defaultSlots,
    ...preset.engineTests.map((test) => test.sequences),
    ...preset.apiTests.map(
      (test) => profileNamed(test.profile).bind(test.parameters, Number.MAX_SAFE_INTEGER).concurrency,
    ),
  );

/**
 * Makes a wish exact: tests with their lengths, one engine setting for all models, and a cell for every model × test.
 * All models get the same lengths, clipped to the smallest training context among them, so that their cells may be
 * compared. Pure.
 */
export const planRun = ({ input, preset, models, corpusSha256 }: PlanInput): BenchPlan => {
  const wishes = input.settings ?? {};
  const smallest = Math.min(...models.map((model) => model.contextLength ?? assumedContextTokens));
  const contextSize =
    typeof wishes.contextSize === 'number'
      ? wishes.contextSize
      : Math.min(smallest, roundUp(wantedContext(preset), 256));
  const seed = input.seed ?? 1;
  const tests = planTests(preset, contextSize, corpusSha256);
  const distinct = [...new Map(models.map((model) => [model.id, model])).values()];
  return {
    spec: {
      ...(input.name !== undefined && { name: input.name }),
      models: distinct.map((model) => model.id),
      preset: preset.name,
      engineTests: preset.engineTests.map((test) => clipEngineTest(test, contextSize)),
      apiTests: preset.apiTests.map((test) => ({
        profile: test.profile,
        parameters: { ...profileNamed(test.profile).bind(test.parameters, contextSize).parameters },
      })),
      repetitions: input.repetitions ?? preset.repetitions,
      // who names a number of repetitions gets exactly that number
      ...(input.repetitions === undefined &&
        preset.extraRepetitions !== undefined && { extraRepetitions: preset.extraRepetitions }),
      ...(preset.warmupBudgetMs !== undefined && { warmupBudgetMs: preset.warmupBudgetMs }),
      settings: { ...wishes, contextSize, slots: wishes.slots ?? wantedSlots(preset) },
      seed,
      coolDownMs: preset.coolDownMs,
    },
    cells: distinct.flatMap((model, modelIndex) =>
      tests.map((test, testIndex) =>
        freshCell({
          id: `c${modelIndex + 1}-${testIndex + 1}`,
          modelId: model.id,
          ...test,
          workloadHash: workloadHashOf(test.ladder, test.workload, seed),
        }),
      ),
    ),
  };
};
