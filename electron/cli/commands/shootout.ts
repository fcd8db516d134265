import { resolve } from 'node:path';
import { Argument, type Command } from 'commander';
import { addEngineOptions, readEngineOptions, type EngineOptions } from '../engine-options.ts';
import { readModelArgument } from '../model-argument.ts';
import { exitCodesText } from '../follow-parts.ts';
import { modelsOf } from '../models-of-folder.ts';
import { positiveInteger, wholeNumber } from '../number-argument.ts';
import { runCommand } from '../run-command.ts';
import { addTestOptions, collect, readTestOptions, type TestOptions } from '../test-options.ts';
import { typeList } from '../type-list.ts';
import { checkReportFiles } from '../write-report.ts';
import { finishRun } from './bench.ts';

interface ShootoutOptions extends EngineOptions, TestOptions {
  readonly types?: readonly string[];
  readonly preset: string;
  readonly imatrixText?: string;
  readonly text?: string;
  readonly tasks?: string | boolean;
  readonly windows?: number;
  readonly repetitions?: number;
  readonly seed?: number;
  readonly name?: string;
  readonly report: readonly string[];
}

/** From nearly lossless to clearly lossy. */
const usualTypes = ['Q8_0', 'Q6_K', 'Q4_K_M', 'Q4_0', 'Q2_K'] as const;

/** `--tasks` alone means the bundled ones. */
const tasksOf = (tasks: ShootoutOptions['tasks']): string => {
  if (tasks === undefined || tasks === false) return 'none';
  return tasks === true ? 'bundled' : resolve(tasks);
};

export const registerShootout = (program: Command): void => {
  const shootout = program
    .command('shootout')
    .addArgument(
      new Argument(
        '[models...]',
        'an id or path, several, or a folder of quantizations; none: the bundled model',
      ),
    )
    .description('make quantizations of a model, measure their speed and quality, and say which one to take')
    .option(
      '--types <types>',
      `types to make where they are missing, with commas (default: ${usualTypes.join(',')}; none for a folder)`,
      typeList,
    )
    .option('--preset <name>', 'dyno bench --presets lists them', 'quick')
    .option('--text <file>', 'text the quality is judged on (default: the bundled held-out text)')
    .option('--tasks [file]', 'also count right answers; JSONL of tasks (default: the bundled ones)')
    .option('--windows <n>', 'at most this many windows of the text', positiveInteger)
    .option(
      '--imatrix-text <file>',
      'make the types with an importance matrix of the first model on this text',
    )
    .option('--repetitions <n>', 'measured repetitions per test', positiveInteger)
    .option('--seed <n>', 'seed of prompts and order', wholeNumber)
    .option('--name <text>', 'name of the run')
    .option(
      '--report <file>',
      'write a report; .html, .pdf, .md, .csv, .json or .jsonl (repeatable)',
      collect,
      [],
    );
  addEngineOptions(addTestOptions(shootout))
    .addHelpText(
      'after',
      '\nExample:\n  $ dyno shootout dyno-demo-4m-f16 --types Q8_0,Q6_K,Q4_K_M,Q4_0,Q2_K\n  $ dyno shootout ./my-quantizations --report shootout.html\n  $ dyno shootout model-f16.gguf --types Q4_K_M,IQ2_XS --imatrix-text calibration.txt --text judged.txt' +
        exitCodesText,
    )
    .action((names: string[], options: ShootoutOptions, command: Command) =>
      runCommand(command, async (context) => {
        const { client } = context;
        await checkReportFiles(options.report);
        const models =
          names.length === 0
            ? [(await client.app.info()).bundledModelId]
            : (await Promise.all(names.map((name) => modelsOf(readModelArgument(name))))).flat();
        const types = options.types ?? (models.length === 1 ? usualTypes : []);
        const { seq } = await client.app.lastSeq();
        const started = await client.bench.start({
          models: [...models],
          preset: options.preset,
          ...readTestOptions(options),
          settings: readEngineOptions(options),
          judge: {
            text: options.text === undefined ? 'bundled' : resolve(options.text),
            tasks: tasksOf(options.tasks),
            ...(options.windows !== undefined && { maxWindows: options.windows }),
          },
          ...(types.length > 0 && { make: [...types] }),
          ...(options.imatrixText !== undefined && { imatrixText: resolve(options.imatrixText) }),
          ...(options.repetitions !== undefined && { repetitions: options.repetitions }),
          ...(options.seed !== undefined && { seed: options.seed }),
          ...(options.name !== undefined && { name: options.name }),
        });
        await finishRun(context, started, seq, options.report);
      }),
    );
};
