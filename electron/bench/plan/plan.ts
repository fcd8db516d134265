import { z } from 'zod';
import type { ApiTest, BenchSpec, benchStartInputSchema, Cell } from '../../../shared/contract/bench.ts';
import { engineSettingsSchema, type Model } from '../../../shared/contract/models.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { engineTestName } from '../../../shared/units/test-text.ts';
import { freshCell } from './fresh-cell.ts';
import type { BenchPreset } from './presets.ts';
import { profileNamed } from '../profiles/list.ts';
import type { BoundProfile, LoadProfile } from '../profiles/profile.ts';
import { traceReplay } from '../profiles/trace-replay.ts';
import { canonicalJson, clipEngineTest, workloadHashOf } from '../workload.ts';

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

type CellTest = Pick<Cell, 'ladder' | 'test' | 'workload'> & {
  /** Of the profile; none for a test of the engine. */
  readonly parameters: Readonly<Record<string, unknown>>;
};

const defaultSlots = engineSettingsSchema.parse({}).slots;
/** Used where a file does not say its training context. */
const assumedContextTokens = 4096;

const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;

/** A benchmark repeats one stage; it has neither the results other shapes plan with, nor a trace. */
const refuseUnrepeatable = ({ name, stages }: LoadProfile): void => {
  if (stages === 'one' && name !== traceReplay.name) return;
  throw new AppError('app.bad-input', `${name} cannot be repeated as a test of a benchmark.`, {
    hint: `Measure it as a load run: dyno load MODEL --shape ${name}.`,
  });
};

/**
 * A profile with a user's parameters.
 * @throws AppError `app.bad-input` for a shape that cannot be repeated, and naming the parameter it does not take
 */
const bindProfile = (wish: ApiTest, contextSize: number): BoundProfile => {
  const profile = profileNamed(wish.profile);
  refuseUnrepeatable(profile);
  try {
    return profile.bind(wish.parameters, contextSize);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
    throw new AppError('app.bad-input', `${profile.name}: ${where}${issue?.message ?? 'not accepted'}`, {
      cause: error,
      hint: 'Parameters are written as closed-loop:concurrency=8,promptTokens=256.',
    });
  }
};

/** Tests that share a name get those of their parameters behind it that tell them apart: cells are known by it. */
const nameApart = (tests: readonly CellTest[]): readonly CellTest[] =>
  tests.map((test) => {
    const same = tests.filter((other) => other.test === test.test);
    if (same.length === 1) return test;
    const apart = Object.entries(test.parameters).filter(([name, value]) =>
      same.some(({ parameters }) => parameters[name] !== value),
    );
    return {
      ...test,
      test: `${test.test} ${apart.map(([name, value]) => `${name}=${String(value)}`).join(' ')}`,
    };
  });

/** Tests with clipped lengths; two wishes that clip to the same test are one. */
const planTests = (preset: BenchPreset, contextSize: number, corpusSha256: string): readonly CellTest[] => {
  const engine = preset.engineTests.map((wish): CellTest => {
    const test = clipEngineTest(wish, contextSize);
    return { ladder: 'engine', test: engineTestName(test), workload: { ...test }, parameters: {} };
  });
  const api = preset.apiTests.map((wish): CellTest => {
    const profile = bindProfile(wish, contextSize);
    return {
      ladder: 'api',
      test: profile.test,
      workload: { profile: profile.name, parameters: profile.parameters, corpusSha256, sampling: 'greedy' },
      parameters: profile.parameters,
    };
  });
  const distinct = new Map([...engine, ...api].map((test) => [canonicalJson(test.workload), test]));
  return nameApart([...distinct.values()]);
};

/** Tokens per slot the preset's longest test wants. */
const wantedContext = (preset: BenchPreset): number =>
  Math.max(
    ...preset.engineTests.map((test) => test.depth + test.tokens),
    ...preset.apiTests.map((test) => bindProfile(test, Number.MAX_SAFE_INTEGER).tokensPerRequest),
  );

/** The bare engine needs a slot per sequence and no more; each reserves its whole cache. */
const wantedSlots = (preset: BenchPreset): number =>
  Math.max(
    preset.apiTests.length === 0 ? 1 : defaultSlots,
    ...preset.engineTests.map((test) => test.sequences),
    ...preset.apiTests.map((test) => bindProfile(test, Number.MAX_SAFE_INTEGER).concurrency),
  );

/**
 * Makes a wish exact: tests with their lengths, one engine setting for all models, and a cell for every model × test.
 * All models get the same lengths, clipped to the smallest training context among them, so that their cells may be
 * compared. Pure.
 */
export const planRun = ({ input, preset, models, corpusSha256 }: PlanInput): BenchPlan => {
  const wishes = input.settings ?? {};
  const smallest = Math.min(...models.map((model) => model.contextLength ?? assumedContextTokens));
  // an arm's own context bounds the lengths of all, or they would not do the same work
  const ownContexts = (input.ownSettings ?? []).flatMap(({ contextSize: own }) =>
    typeof own === 'number' ? [own] : [],
  );
  const contextSize =
    typeof wishes.contextSize === 'number'
      ? wishes.contextSize
      : Math.min(smallest, ...ownContexts, roundUp(wantedContext(preset), 256));
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
        parameters: { ...bindProfile(test, contextSize).parameters },
      })),
      repetitions: input.untilDecided?.maxRepetitions ?? input.repetitions ?? preset.repetitions,
      ...(input.untilDecided !== undefined && { untilDecided: input.untilDecided }),
      // who names a number of repetitions gets exactly that number
      ...(input.repetitions === undefined &&
        input.untilDecided === undefined &&
        preset.extraRepetitions !== undefined && { extraRepetitions: preset.extraRepetitions }),
      ...(preset.warmupBudgetMs !== undefined && { warmupBudgetMs: preset.warmupBudgetMs }),
      ...(input.judge !== undefined && { judge: input.judge }),
      settings: { ...wishes, contextSize, slots: wishes.slots ?? wantedSlots(preset) },
      seed,
      coolDownMs: preset.coolDownMs,
    },
    cells: distinct.flatMap((model, modelIndex) =>
      tests.map(({ ladder, test, workload }, testIndex) =>
        freshCell({
          id: `c${modelIndex + 1}-${testIndex + 1}`,
          modelId: model.id,
          ladder,
          test,
          workload,
          workloadHash: workloadHashOf(ladder, workload, seed),
        }),
      ),
    ),
  };
};
