import { resolve } from 'node:path';
import type { Command } from 'commander';
import { followJob } from '../follow-job.ts';
import { modelArgument } from '../model-argument.ts';
import { positiveInteger } from '../number-argument.ts';
import { runCommand } from '../run-command.ts';

interface Options {
  readonly text: string;
  readonly out?: string;
  readonly overwrite?: boolean;
  readonly chunks?: number;
}

/** Collects an importance matrix, which the smallest types need and the others profit from. */
export const registerImatrix = (models: Command): void => {
  models
    .command('imatrix')
    .addArgument(modelArgument())
    .requiredOption('--text <file>', 'calibration text, UTF-8; not the text that quality is judged on')
    .option('--out <file>', 'target file (default: <base>-imatrix.gguf in the models folder)')
    .option('--overwrite', 'replace an existing file')
    .option(
      '--chunks <n>',
      'at most this many chunks of 512 tokens (default: the whole text)',
      positiveInteger,
    )
    .description('collect an importance matrix: which columns of the weights a text needs most')
    .addHelpText(
      'after',
      '\nExample:\n  $ dyno models imatrix dyno-demo-4m-f16 --text calibration.txt --out demo-imatrix.gguf\n  $ dyno models quantize dyno-demo-4m-f16 IQ2_XS --imatrix demo-imatrix.gguf',
    )
    .action((model: string, options: Options, command: Command) =>
      runCommand(command, async (context) => {
        const { client, out } = context;
        const { seq } = await client.app.lastSeq();
        const job = await client.models.imatrix({
          model,
          text: resolve(options.text),
          overwrite: options.overwrite === true,
          ...(options.out !== undefined && { out: resolve(options.out) }),
          ...(options.chunks !== undefined && { chunks: options.chunks }),
        });
        const path = await followJob(context, job, seq);
        out.result({ path }, () => path ?? '');
      }),
    );
};
