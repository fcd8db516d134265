import type { ApiTest, BenchSpec, EngineTest } from '../../../shared/contract/bench.ts';
import type { Preset } from '../../../shared/contract/preset.ts';
import { AppError } from '../../../shared/errors/app-error.ts';

/** A named choice of tests. Lengths are wishes: planning clips them to the model's context. */
export interface BenchPreset {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly engineTests: readonly EngineTest[];
  readonly apiTests: readonly ApiTest[];
  readonly repetitions: number;
  readonly extraRepetitions: BenchSpec['extraRepetitions'];
  readonly warmupBudgetMs: number | undefined;
  readonly coolDownMs: number;
}

const prefill = (tokens: number, depth = 0): EngineTest => ({ kind: 'prefill', tokens, depth, sequences: 1 });
const decode = (tokens: number, depth = 0): EngineTest => ({ kind: 'decode', tokens, depth, sequences: 1 });

const presets: readonly BenchPreset[] = [
  {
    name: 'quick',
    title: 'Quick',
    description:
      'A first answer in a minute or two per file: prefill of 512 tokens, decode of 128, and the server with 1 and 4 users. 5 repetitions, and 6 while they are short.',
    engineTests: [prefill(512), decode(128)],
    apiTests: [
      { profile: 'single-stream', parameters: {} },
      { profile: 'closed-loop', parameters: { concurrency: 4 } },
    ],
    repetitions: 5,
    // 6 is where the median gets an interval
    extraRepetitions: { upTo: 6, whileUnderMs: 6000 },
    warmupBudgetMs: 20_000,
    coolDownMs: 0,
  },
  {
    name: 'standard',
    title: 'Standard',
    description:
      'For a decision: prefill of 512 and 2,048 tokens, decode at the start and deep in the context, and the server with 1, 4 and 8 users. 5 repetitions, and up to 8 while they are short.',
    engineTests: [prefill(512), prefill(2048), decode(128), decode(128, 2048)],
    apiTests: [
      { profile: 'single-stream', parameters: { promptTokens: 256, outputTokens: 128 } },
      { profile: 'closed-loop', parameters: { concurrency: 4, promptTokens: 256, outputTokens: 128 } },
      { profile: 'closed-loop', parameters: { concurrency: 8, promptTokens: 256, outputTokens: 128 } },
    ],
    repetitions: 5,
    extraRepetitions: { upTo: 8, whileUnderMs: 10_000 },
    warmupBudgetMs: undefined,
    coolDownMs: 1000,
  },
  {
    name: 'community',
    title: 'Community',
    description:
      "llama-bench's defaults, for a table that stands beside other people's: prefill of 512 tokens and decode of 128 at depth 0, 5 repetitions, engine only. The batch is 512 as llama-bench's ubatch is.",
    engineTests: [prefill(512), decode(128)],
    apiTests: [],
    repetitions: 5,
    extraRepetitions: undefined,
    warmupBudgetMs: undefined,
    coolDownMs: 0,
  },
];

/** @throws AppError `app.bad-input` for an unknown name */
export const presetNamed = (name: string): BenchPreset => {
  const preset = presets.find((candidate) => candidate.name === name);
  if (preset !== undefined) return preset;
  throw new AppError('app.bad-input', `No preset is called ${name}.`, {
    hint: `Choose one of ${presets.map((known) => known.name).join(', ')}.`,
  });
};

/** Name of a preset whose tests the user chose himself. */
const ownName = 'custom';

/** The preset with other tests; its repetitions, warm-up and cool-down stay. The preset itself where none are given. */
export const withOwnTests = (
  preset: BenchPreset,
  own: { readonly engineTests?: readonly EngineTest[]; readonly apiTests?: readonly ApiTest[] },
): BenchPreset => {
  if (own.engineTests === undefined && own.apiTests === undefined) return preset;
  const { engineTests = [], apiTests = [] } = own;
  if (engineTests.length + apiTests.length > 0) return { ...preset, name: ownName, engineTests, apiTests };
  throw new AppError('app.bad-input', 'The list of tests is empty.', {
    hint: 'Name at least one, e.g. --pp 512 --tg 128.',
  });
};

/** @param secondsPerModel what the last run with a preset took per file on this machine. */
export const listPresets = (secondsPerModel: (name: string) => number | null): readonly Preset[] =>
  presets.map(({ name, title, description, engineTests, apiTests, repetitions }) => ({
    name,
    title,
    description,
    engineTests: [...engineTests],
    apiTests: [...apiTests],
    repetitions,
    secondsPerModel: secondsPerModel(name),
  }));
