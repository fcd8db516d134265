import type { Command } from 'commander';
import { sweepInputSchema, type SweepInput } from '../../../shared/contract/sweep.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { exitCodesText, followParts } from '../follow-parts.ts';
import { modelArgument } from '../model-argument.ts';
import { positiveInteger, wholeNumber } from '../number-argument.ts';
import { renderSweep } from '../render/sweep.ts';
import { runCommand, type CommandContext } from '../run-command.ts';

interface SweepOptions {
  readonly threads?: string;
  readonly batch?: string;
  readonly flashAttention?: string;
  readonly kvType?: string;
  readonly gpuLayers?: string;
  readonly mmap?: string;
  readonly objective: string;
  readonly pp?: number;
  readonly tg?: number;
  readonly depth?: number;
  readonly sequences?: string;
  readonly firstRepetitions?: number;
  readonly repetitions?: number;
  readonly seed?: number;
}

const weights: Readonly<Record<string, number>> = { decode: 1, prefill: 0, balanced: 0.5 };

const readWeight = (text: string): number => {
  const weight = weights[text] ?? (text.trim() === '' ? NaN : Number(text));
  if (weight >= 0 && weight <= 1) return weight;
  throw new AppError(
    'app.bad-input',
    `--objective ${text}: decode, prefill, balanced, or the share of decode from 0 to 1.`,
  );
};

const words = (text: string | undefined): readonly string[] | undefined =>
  text?.split(',').map((word) => word.trim());
const numberOrWord = (word: string): number | string => (/^\d+$/.test(word) ? Number(word) : word);

/** @throws AppError `app.bad-input` naming the setting */
const readInput = (model: string, options: SweepOptions): SweepInput => {
  const sequences = words(options.sequences)?.map(numberOrWord);
  const axes = {
    threads: words(options.threads)?.map(numberOrWord),
    batchSize: words(options.batch)?.map(numberOrWord),
    flashAttention: words(options.flashAttention),
    kvType: words(options.kvType)?.map((word) => word.toUpperCase()),
    gpuLayers: words(options.gpuLayers)?.map(numberOrWord),
    sequences: sequences !== undefined && sequences.length > 1 ? sequences : undefined,
    useMmap: words(options.mmap)?.map((word) => (word === 'on' ? true : word === 'off' ? false : word)),
  };
  const result = sweepInputSchema.safeParse({
    model,
    axes: Object.fromEntries(Object.entries(axes).filter(([, values]) => values !== undefined)),
    decodeWeight: readWeight(options.objective),
    prefillTokens: options.pp,
    decodeTokens: options.tg,
    depth: options.depth,
    sequences: sequences?.length === 1 ? sequences[0] : undefined,
    firstRepetitions: options.firstRepetitions,
    finalRepetitions: options.repetitions,
    seed: options.seed,
  });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new AppError(
    'app.bad-input',
    `${issue?.path.join('.') ?? 'sweep'}: ${issue?.message ?? 'not accepted'}`,
    {
      hint: 'dyno sweep --help shows the settings and an example.',
    },
  );
};

/** Follows a sweep to its end and prints its table; then throws what failed of it, if anything did. */
export const finishSweep = async (
  context: CommandContext,
  started: { readonly sweepId: string; readonly jobId: string },
  afterSeq: number,
): Promise<void> => {
  const { client, out } = context;
  const resumeCommand = `dyno sweeps resume ${started.sweepId}`;
  out.note(`Sweep ${started.sweepId}. Ctrl-C keeps what is measured; "${resumeCommand}" goes on.`);
  const { failure } = await followParts(
    context,
    { id: started.jobId, kind: 'sweep', resumeCommand },
    afterSeq,
  );
  const sweep = await client.sweeps.get({ sweepId: started.sweepId });
  out.result(sweep, () => renderSweep(sweep));
  if (failure !== undefined) throw failure;
};

export const registerSweep = (program: Command): void => {
  program
    .command('sweep')
    .addArgument(modelArgument())
    .description('find the fastest engine settings for a model by successive halving')
    .option('-t, --threads <list>', 'values to try, e.g. auto,1,2,4')
    .option('-b, --batch <list>', 'tokens per batch (node-llama-cpp ties ubatch to it), e.g. 128,512,2048')
    .option('--flash-attention <list>', 'on,off,auto')
    .option('--kv-type <list>', 'F16,Q8_0…: keys and values alike')
    .option('--gpu-layers <list>', 'layers on the GPU, e.g. 0,20,max')
    .option('--mmap <list>', 'on,off')
    .option('--objective <what>', 'decode, prefill, balanced, or the share of decode from 0 to 1', 'decode')
    .option('--pp <tokens>', 'tokens to prefill (512)', positiveInteger)
    .option('--tg <tokens>', 'tokens to decode (128)', positiveInteger)
    .option('--depth <tokens>', 'tokens in the cache before (0)', wholeNumber)
    .option(
      '--sequences <list>',
      'sequences side by side (1): one number for all, or several to try, e.g. 1,2,4; better is more tokens/s of all together',
    )
    .option('--first-repetitions <n>', 'repetitions before the first cut (2)', positiveInteger)
    .option('--repetitions <n>', 'repetitions of the finalists (8)', positiveInteger)
    .option('--seed <n>', 'seed of the tokens', wholeNumber)
    .addHelpText(
      'after',
      '\nExample:\n  $ dyno sweep dyno-demo-4m-f16 --threads 1,2 --batch 128,512 --flash-attention on,off' +
        exitCodesText,
    )
    .action((model: string, options: SweepOptions, command: Command) =>
      runCommand(command, async (context) => {
        const input = readInput(model, options);
        const { seq } = await context.client.app.lastSeq();
        await finishSweep(context, await context.client.sweeps.start(input), seq);
      }),
    );
};
