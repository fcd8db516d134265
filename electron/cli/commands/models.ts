import { resolve } from 'node:path';
import { Argument, InvalidArgumentError, type Command } from 'commander';
import type { Model, ModelDetails } from '../../../shared/contract/models.ts';
import { formatCount, formatFigure, formatGib, formatParameters } from '../../../shared/units/format.ts';
import { followJob } from '../follow-job.ts';
import { renderFacts, renderTable } from '../render/table.ts';
import { runCommand } from '../run-command.ts';
import { registerFit } from './models-fit.ts';

const MIB = 1024 ** 2;

const sizeText = (bytes: number): string =>
  bytes < 100 * MIB ? `${formatFigure(bytes / MIB)} MiB` : `${formatGib(bytes)} GiB`;

const listText = (models: readonly Model[]): string =>
  renderTable<Model>(
    [
      { head: 'id', cell: (model) => model.id },
      { head: 'quantization', cell: (model) => model.quantization },
      { head: 'size', align: 'right', cell: (model) => sizeText(model.sizeBytes) },
      { head: 'bits/weight', align: 'right', cell: (model) => formatFigure(model.bitsPerWeight) },
      { head: 'parameters', align: 'right', cell: (model) => formatParameters(model.parameterCount) },
      { head: 'architecture', cell: (model) => model.architecture },
      {
        head: 'source',
        cell: (model) =>
          model.problem === null ? model.source : `${model.source} (${model.problem.message})`,
      },
    ],
    models,
  );

const detailText = (model: ModelDetails): string =>
  renderFacts([
    ['Id', model.id],
    ['Name', model.name],
    ['Path', model.path],
    ['Architecture', model.architecture],
    ['Quantization', `${model.quantization} (${formatFigure(model.bitsPerWeight)} bits per weight)`],
    [
      'Tensor types',
      Object.entries(model.tensorTypes)
        .map(([type, count]) => `${type} × ${count}`)
        .join(', '),
    ],
    ['Parameters', formatParameters(model.parameterCount)],
    ['Size', `${sizeText(model.sizeBytes)} (${formatCount(model.sizeBytes)} bytes)`],
    ['Trained context', `${formatCount(model.trainedContextLength)} tokens`],
    ['Vocabulary', `${formatCount(model.vocabularySize)} tokens`],
    ['Layers', formatCount(model.layerCount)],
    ['Chat template', model.chatTemplate === null ? 'none' : `${model.chatTemplate.length} characters`],
    [
      'Features',
      Object.entries(model.features)
        .filter(([, has]) => has)
        .map(([name]) => name)
        .join(', ') || 'none',
    ],
    ['SHA-256', model.sha256 ?? 'not computed yet (dyno models hash)'],
    ...(model.problem === null
      ? []
      : [['Problem', `${model.problem.message} ${model.problem.hint ?? ''}`] as const]),
  ]);

/** A model argument: an id stays as it is; what looks like a path becomes absolute, since a host may run elsewhere. */
export const modelArgument = (text: string): string =>
  text.endsWith('.gguf') || text.startsWith('.') || (text.includes('/') && !text.includes(':'))
    ? resolve(text)
    : text;

export const positiveInteger = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
};

export const registerModels = (program: Command): void => {
  const models = program
    .command('models')
    .description('the library: list, inspect, fit, quantize, pull, import, remove');
  const modelArg = () => new Argument('<model>', 'id or path').argParser(modelArgument);

  models
    .command('list')
    .description('all models in the data folder, the folders of known tools, and your own folders')
    .addHelpText('after', '\nExample:\n  $ dyno models list --json')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client, out, signal }) => {
        const list = await client.models.scan({}, { signal });
        out.result(list, () => listText(list));
      }),
    );

  models
    .command('inspect')
    .addArgument(modelArg())
    .description('metadata, tensor types, template and features of one file')
    .addHelpText('after', '\nExample:\n  $ dyno models inspect ./qwen2.5-7b-q4_k_m.gguf')
    .action((model: string, _options, command: Command) =>
      runCommand(command, async ({ client, out, signal }) => {
        const details = await client.models.inspect({ model }, { signal });
        out.result(details, () => detailText(details));
      }),
    );

  registerFit(models, modelArg);

  models
    .command('types')
    .description('the types quantize can make')
    .addHelpText('after', '\nExample:\n  $ dyno models types')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const types = await client.models.quantTypes();
        out.result(types, () =>
          renderTable(
            [
              { head: 'type', cell: (type) => type.name },
              { head: 'bits/weight', align: 'right', cell: (type) => formatFigure(type.bitsPerWeight) },
              {
                head: 'note',
                cell: (type) => (type.needsImatrix ? `needs an importance matrix. ${type.note}` : type.note),
              },
            ],
            types,
          ),
        );
      }),
    );

  models
    .command('quantize')
    .addArgument(modelArg())
    .argument('<types...>', 'one or more of: dyno models types')
    .option('--out <file>', 'target file (one type only)')
    .option('--overwrite', 'replace an existing file')
    .option('--allow-requantize', 'accept a source that is already quantized (loses quality)')
    .option('--threads <n>', 'CPU threads', positiveInteger)
    .description('make smaller files from a model, with the llama.cpp that serves them')
    .addHelpText('after', '\nExample:\n  $ dyno models quantize dyno-demo-4m-f16 Q8_0 Q4_K_M Q2_K')
    .action(
      (
        model: string,
        types: string[],
        options: { out?: string; overwrite?: boolean; allowRequantize?: boolean; threads?: number },
        command: Command,
      ) =>
        runCommand(command, async (context) => {
          const { client, out } = context;
          const made: ModelDetails[] = [];
          for (const type of types) {
            const { seq } = await client.app.lastSeq();
            const job = await client.models.quantize({
              model,
              type,
              overwrite: options.overwrite === true,
              allowRequantize: options.allowRequantize === true,
              ...(options.out !== undefined && { out: resolve(options.out) }),
              ...(options.threads !== undefined && { threads: options.threads }),
            });
            const path = await followJob(context, job.id, seq);
            if (path !== null) made.push(await client.models.inspect({ model: path }));
            out.note(`Made ${path ?? type}`);
          }
          out.result(made.map(brief), () => listText(made));
        }),
    );

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
        const path = await followJob(context, job.id, seq, 'pause');
        const model = await context.client.models.inspect({ model: path ?? source });
        context.out.result(brief(model), () => detailText(model));
      }),
    );

  models
    .command('import')
    .argument('<file>', 'path of a GGUF file', (text: string) => resolve(text))
    .option('--copy', 'copy into the models folder instead of registering in place')
    .description('add a file to the library')
    .addHelpText('after', '\nExample:\n  $ dyno models import ~/downloads/model.gguf')
    .action((path: string, options: { copy?: boolean }, command: Command) =>
      runCommand(command, async ({ client, out, signal }) => {
        const model = await client.models.import({ path, copy: options.copy === true }, { signal });
        out.result(model, () => `Added ${model.id}`);
      }),
    );

  models
    .command('remove')
    .addArgument(modelArg())
    .option('--delete-files', 'also delete the file, if Dyno made or downloaded it')
    .description('forget a model')
    .addHelpText('after', '\nExample:\n  $ dyno models remove dyno-demo-4m-Q2_K --delete-files')
    .action((model: string, options: { deleteFiles?: boolean }, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const gone = await client.models.remove({ model, deleteFiles: options.deleteFiles === true });
        out.result(
          gone,
          () => `Removed ${gone.removed}${gone.deletedFiles.map((file) => `\nDeleted ${file}`).join('')}`,
        );
      }),
    );

  models
    .command('hash')
    .addArgument(modelArg())
    .description('compute the SHA-256 now instead of in the background')
    .addHelpText('after', '\nExample:\n  $ dyno models hash dyno-demo-4m-f16')
    .action((model: string, _options, command: Command) =>
      runCommand(command, async (context) => {
        const { seq } = await context.client.app.lastSeq();
        const job = await context.client.models.hash({ model });
        const sha256 = await followJob(context, job.id, seq);
        context.out.result({ model, sha256 }, () => `${sha256 ?? ''}  ${model}`);
      }),
    );
};

/** The listed fields of a model, without the long ones of `inspect`. */
const brief = ({ metadata: _metadata, tensors: _tensors, chatTemplate: _template, ...model }: ModelDetails) =>
  model;
