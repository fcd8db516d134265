import { resolve } from 'node:path';
import { Argument, type Command } from 'commander';
import { z } from 'zod';
import type { QualityResult } from '../../../shared/contract/quality.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { followJob } from '../follow-job.ts';
import { exitCodesText, followParts } from '../follow-parts.ts';
import { modelArgument, readModelArgument } from '../model-argument.ts';
import { positiveInteger } from '../number-argument.ts';
import { renderPack, renderQuality } from '../render/quality.ts';
import { runCommand, type CommandContext } from '../run-command.ts';

interface ReadingOptions {
  readonly text?: string;
  readonly windows?: number;
  readonly context?: number;
}

const readingOf = ({ text, windows, context }: ReadingOptions) => ({
  ...(text !== undefined && { text: resolve(text) }),
  ...(windows !== undefined && { maxWindows: windows }),
  ...(context !== undefined && { contextSize: context }),
});

/** @param ids with commas between them */
const resultsOf = async ({ client }: CommandContext, ids: unknown): Promise<QualityResult[]> => {
  const results: QualityResult[] = [];
  for (const id of z
    .string()
    .catch('')
    .parse(ids)
    .split(',')
    .filter((part) => part !== '')) {
    results.push(await client.quality.get({ id }));
  }
  return results;
};

/** The base is the first model named, or what a pack stands for. */
const splitModels = (models: readonly string[], pack: string | undefined) => {
  const [base, ...others] = models.map(readModelArgument);
  if (base !== undefined && pack !== undefined) return { pack: resolve(pack), candidates: [base, ...others] };
  if (base !== undefined && others.length > 0) return { base, candidates: others };
  throw new AppError('app.bad-input', 'Name a base and at least one candidate.', {
    hint: 'dyno quality BASE CANDIDATE..., or dyno quality CANDIDATE... --pack FILE.',
  });
};

export const registerQuality = (program: Command): void => {
  const quality = program
    .command('quality')
    .addArgument(new Argument('[models...]', 'base, then candidates; with --pack candidates only'))
    .description('what quantizations lose against their base: perplexity, KL divergence, task accuracy')
    .option('--text <file>', 'text to score; default: the bundled held-out text')
    .option('--tasks <file>', 'tasks as JSONL, see docs/quality.md; default: the bundled held-out tasks')
    .option('--no-tasks', 'perplexity and divergence alone')
    .option('--pack <file>', 'reference pack in place of the base; divergences are then lower bounds')
    .option('--windows <n>', 'at most this many windows of the text', positiveInteger)
    .option('--context <n>', 'tokens per window (default: 512)', positiveInteger)
    .addHelpText(
      'after',
      '\nExample:\n  $ dyno quality dyno-demo-4m-f16 dyno-demo-4m-Q4_K_M dyno-demo-4m-Q2_K\n  $ dyno quality dyno-demo-4m-Q4_K_M --pack demo.pack' +
        exitCodesText,
    )
    .action(
      (
        models: string[],
        options: ReadingOptions & { tasks?: string | boolean; pack?: string },
        command: Command,
      ) =>
        runCommand(command, async (context) => {
          const { client, out } = context;
          const { tasks } = options;
          const { seq } = await client.app.lastSeq();
          const job = await client.quality.start({
            ...splitModels(models, options.pack),
            ...readingOf(options),
            ...(tasks === false && { tasks: 'none' }),
            ...(typeof tasks === 'string' && { tasks: resolve(tasks) }),
          });
          const { resultId, failure } = await followParts(context, job, seq);
          const results = await resultsOf(context, resultId ?? failure?.details?.['resultIds']);
          out.result(results, () => renderQuality(results));
          if (failure !== undefined) throw failure;
        }),
    );

  quality
    .command('list')
    .description('the results kept on this machine')
    .addHelpText('after', '\nExample:\n  $ dyno quality list --json')
    .action((_options: unknown, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const results = await client.quality.list();
        out.result(results, () =>
          results.length === 0 ? 'Nothing was judged yet.' : renderQuality(results),
        );
      }),
    );

  quality
    .command('pack')
    .addArgument(modelArgument())
    .requiredOption('--out <file>', 'file to write')
    .option('--top <k>', 'tokens kept per position (default: 64)', positiveInteger)
    .option('--text <file>', 'text to score; default: the bundled held-out text')
    .option('--windows <n>', 'at most this many windows of the text', positiveInteger)
    .option('--context <n>', 'tokens per window (default: 512)', positiveInteger)
    .description('what a base predicts, as a file: quantizations can then be judged without the base')
    .addHelpText('after', '\nExample:\n  $ dyno quality pack dyno-demo-4m-f16 --out demo.pack')
    .action((model: string, own: { out: string; top?: number }, command: Command) =>
      runCommand(command, async (context) => {
        const { client, out } = context;
        // --text, --windows and --context are the parent's, too, and commander gives them to it
        const options = { ...command.optsWithGlobals<ReadingOptions>(), ...own };
        const { seq } = await client.app.lastSeq();
        const job = await client.quality.pack({
          base: model,
          out: resolve(options.out),
          ...readingOf(options),
          ...(options.top !== undefined && { topK: options.top }),
        });
        const path = (await followJob(context, job, seq)) ?? resolve(options.out);
        const pack = await client.quality.readPack({ path });
        out.result(pack, () => renderPack(pack));
      }),
    );
};
