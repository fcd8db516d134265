import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ModelDetails } from '../../../shared/contract/models.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { followJob } from '../follow-job.ts';
import { registerImatrix } from './models-imatrix.ts';
import { modelArgument } from '../model-argument.ts';
import { positiveInteger } from '../number-argument.ts';
import { brief, renderModelDetails, renderModels } from '../render/models.ts';
import { runCommand } from '../run-command.ts';

/** The commands that make files or read whole ones: quantize, pull, hash. Each is a job. */
export const registerMakers = (models: Command): void => {
  models
    .command('quantize')
    .addArgument(modelArgument())
    .argument('<types...>', 'one or more of: dyno models types')
    .option('--out <file>', 'target file (one type only)')
    .option('--overwrite', 'replace an existing file')
    .option('--allow-requantize', 'accept a source that is already quantized (loses quality)')
    .option('--imatrix <file>', 'importance matrix of this model: the smallest types need one')
    .option('--threads <n>', 'CPU threads', positiveInteger)
    .description('make smaller files from a model, with the llama.cpp that serves them')
    .addHelpText(
      'after',
      '\nExample:\n  $ dyno models quantize dyno-demo-4m-f16 Q8_0 Q4_K_M Q2_K\n  $ dyno models quantize dyno-demo-4m-f16 IQ2_XS --imatrix demo-imatrix.gguf',
    )
    .action(
      (
        model: string,
        types: string[],
        options: {
          out?: string;
          overwrite?: boolean;
          allowRequantize?: boolean;
          imatrix?: string;
          threads?: number;
        },
        command: Command,
      ) =>
        runCommand(command, async (context) => {
          const { client, out } = context;
          if (options.out !== undefined && types.length > 1) {
            throw new AppError('app.bad-input', '--out names one file, so it goes with one type.', {
              hint: 'Leave --out away: each file gets a name of its own in the models folder.',
            });
          }
          const made: ModelDetails[] = [];
          for (const type of types) {
            const { seq } = await client.app.lastSeq();
            const job = await client.models.quantize({
              model,
              type,
              overwrite: options.overwrite === true,
              allowRequantize: options.allowRequantize === true,
              ...(options.out !== undefined && { out: resolve(options.out) }),
              ...(options.imatrix !== undefined && { imatrix: resolve(options.imatrix) }),
              ...(options.threads !== undefined && { threads: options.threads }),
            });
            const path = await followJob(context, job, seq);
            if (path !== null) made.push(await client.models.inspect({ model: path }));
            out.note(`Made ${path ?? type}`);
          }
          out.result(made.map(brief), () => renderModels(made));
        }),
    );

  registerImatrix(models);

  models
    .command('pull <source>')
    .option('--sha256 <hex>', 'expected SHA-256 of the file')
    .option('--name <file>', 'file name in the models folder')
    .description(
      'download from an address, hf:owner/repo/file.gguf or owner/repo:Q4_K_M; run again to resume',
    )
    .addHelpText('after', '\nExample:\n  $ dyno models pull hf:Qwen/Qwen2.5-0.5B-Instruct-GGUF:Q4_K_M')
    .action((source: string, options: { sha256?: string; name?: string }, command: Command) =>
      runCommand(command, async (context) => {
        const { seq } = await context.client.app.lastSeq();
        const job = await context.client.models.pull({
          source,
          ...(options.sha256 !== undefined && { sha256: options.sha256.toLowerCase() }),
          ...(options.name !== undefined && { fileName: options.name }),
        });
        const path = await followJob(context, job, seq);
        const model = await context.client.models.inspect({ model: path ?? source });
        context.out.result(brief(model), () => renderModelDetails(model));
      }),
    );

  models
    .command('hash')
    .addArgument(modelArgument())
    .description('compute the SHA-256 now instead of in the background')
    .addHelpText('after', '\nExample:\n  $ dyno models hash dyno-demo-4m-f16')
    .action((model: string, _options, command: Command) =>
      runCommand(command, async (context) => {
        const { seq } = await context.client.app.lastSeq();
        const job = await context.client.models.hash({ model });
        const sha256 = await followJob(context, job, seq);
        context.out.result({ model, sha256 }, () => `${sha256 ?? ''}  ${model}`);
      }),
    );
};
