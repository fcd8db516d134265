import { resolve } from 'node:path';
import type { Command } from 'commander';
import { errorRow, isErrorCode } from '../../../shared/errors/table.ts';
import { formatFigure } from '../../../shared/units/format.ts';
import { modelArgument } from '../model-argument.ts';
import { renderModelDetails, renderModels } from '../render/models.ts';
import { renderTable } from '../render/table.ts';
import { runCommand } from '../run-command.ts';
import { registerFit } from './models-fit.ts';
import { registerPredict } from './models-predict.ts';
import { registerMakers } from './models-make.ts';

const exitOfProblem = (code: string): number => errorRow(isErrorCode(code) ? code : 'app.internal').exit;

export const registerModels = (program: Command): void => {
  const models = program
    .command('models')
    .description('the library: list, inspect, fit, quantize, pull, import, remove')
    .addHelpText('after', '\nExample:\n  $ dyno models list');

  models
    .command('list')
    .description('all models in the data folder, the folders of known tools, and your own folders')
    .addHelpText('after', '\nExample:\n  $ dyno models list --json')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client, out, signal }) => {
        const list = await client.models.scan({}, { signal });
        out.result(list, () => renderModels(list));
      }),
    );

  models
    .command('inspect')
    .addArgument(modelArgument())
    .description(
      'metadata, tensor types, template and features of one file; a damaged one ends with the exit code of its problem',
    )
    .addHelpText('after', '\nExample:\n  $ dyno models inspect ./qwen2.5-7b-q4_k_m.gguf')
    .action((model: string, _options, command: Command) =>
      runCommand(command, async ({ client, out, signal }) => {
        const details = await client.models.inspect({ model }, { signal });
        out.result(details, () => renderModelDetails(details));
        if (details.problem !== null) process.exitCode = exitOfProblem(details.problem.code);
      }),
    );

  registerFit(models);
  registerPredict(models);
  registerMakers(models);

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
                cell: (type) => type.note,
              },
            ],
            types,
          ),
        );
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
    .addArgument(modelArgument())
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
};
