import type { Command } from 'commander';
import { AppError } from '../../../shared/errors/app-error.ts';
import { addEngineOptions, readEngineOptions, type EngineOptions } from '../engine-options.ts';
import { exitCodesText } from '../follow-parts.ts';
import { readModelArgument } from '../model-argument.ts';
import { positiveInteger, positiveNumber, wholeNumber } from '../number-argument.ts';
import { readOwnSettings } from '../own-settings.ts';
import { renderComparison } from '../render/comparison.ts';
import { renderVerdicts } from '../render/verdicts.ts';
import { runCommand, type CommandContext } from '../run-command.ts';
import { addTestOptions, collect, readTestOptions, type TestOptions } from '../test-options.ts';
import { checkReportFiles } from '../write-report.ts';
import { finishRun } from './bench.ts';

interface CompareOptions extends EngineOptions, TestOptions {
  readonly base?: string;
  readonly preset?: string;
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly maxRepetitions?: number;
  readonly maxMinutes?: number;
  readonly smallest?: number;
  readonly seed?: number;
  readonly report: readonly string[];
}

const examples = `
Examples:
  $ dyno compare run_mh2x9k run_mh3a1b
  $ dyno compare dyno-demo-4m-f16 dyno-demo-4m-Q4_K_M
  $ dyno compare model.gguf --a threads=4 --b threads=8 --pp 512 --tg 128 --max-minutes 5`;

/** Lays stored runs side by side. */
const compareRuns = async ({ client, out }: CommandContext, runIds: string[], base: string | undefined) => {
  const comparison = await client.bench.compare({
    runIds,
    ...(base !== undefined && { baseModelId: base }),
  });
  out.result(comparison, () =>
    [renderComparison(comparison), renderVerdicts(comparison, Date.now())].join('\n\n'),
  );
};

/** Measures two arms in turns until every metric is decided. */
const compareArms = async (context: CommandContext, names: readonly string[], options: CompareOptions) => {
  const [first = '', second = first] = names.map(readModelArgument);
  if (names.length > 2) {
    throw new AppError('app.bad-input', `A comparison has two arms, not ${names.length}.`, {
      hint: 'dyno bench measures more models side by side.',
    });
  }
  if (names.length === 1 && options.a.length + options.b.length === 0) {
    throw new AppError('app.bad-input', 'One model alone has nothing to be compared with.', {
      hint: `Name a second one, or settings for the second arm: dyno compare ${first} --b threads=1. A run of a model against itself: dyno calibrate.`,
    });
  }
  await checkReportFiles(options.report);
  const { seq } = await context.client.app.lastSeq();
  const started = await context.client.bench.start({
    models: [first, second],
    ownSettings: [readOwnSettings('--a', options.a), readOwnSettings('--b', options.b)],
    untilDecided: {
      ...(options.maxRepetitions !== undefined && { maxRepetitions: options.maxRepetitions }),
      ...(options.maxMinutes !== undefined && { maxMinutes: options.maxMinutes }),
      ...(options.smallest !== undefined && { smallestDifference: options.smallest / 100 }),
    },
    preset: options.preset ?? 'quick',
    ...readTestOptions(options),
    settings: readEngineOptions(options),
    ...(options.seed !== undefined && { seed: options.seed }),
  });
  await finishRun(context, started, seq, options.report);
};

/** Ids of measured and imported runs begin so. A model of such a name can be given by its path. */
const isRunId = (name: string): boolean => /^(run|imp)_\w+$/.test(name);

export const registerCompare = (program: Command): void => {
  const compare = program
    .command('compare <what...>')
    .description(
      'two models, or one under two settings, measured in turns until it is decided which is better; or stored runs side by side',
    )
    .option(
      '--base <model>',
      'stored runs: model the others are held against; default: F16, else the largest',
    )
    .option('--a <key=value>', 'engine setting of the first arm, e.g. threads=4 (repeatable)', collect, [])
    .option('--b <key=value>', 'engine setting of the second arm (repeatable)', collect, [])
    .option('--max-repetitions <n>', 'repetitions per arm at most; default: 20', positiveInteger)
    .option('--max-minutes <n>', 'time for all tests together; default: 30', positiveNumber)
    .option('--smallest <percent>', 'stop once a larger difference is ruled out; default: 1', positiveNumber)
    .option('--preset <name>', 'tests to make; default: quick')
    .option('--seed <n>', 'seed of prompts and order', wholeNumber)
    .option(
      '--report <file>',
      'write a report; .html, .pdf, .md, .csv, .json or .jsonl (repeatable)',
      collect,
      [],
    );
  addEngineOptions(addTestOptions(compare))
    .addHelpText('after', examples + exitCodesText)
    .action((names: string[], options: CompareOptions, command: Command) =>
      runCommand(command, async (context) => {
        const runIds = names.filter(isRunId);
        if (runIds.length === 0) await compareArms(context, names, options);
        else if (runIds.length === names.length) await compareRuns(context, runIds, options.base);
        else {
          throw new AppError('app.bad-input', 'Models and runs cannot be compared with each other.', {
            hint: 'Name either run ids or models.',
          });
        }
      }),
    );
};
