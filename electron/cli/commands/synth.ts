import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { SynthPlan, SynthShape } from '../../../shared/contract/synth.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { formatFigure, formatGib, formatParameters } from '../../../shared/units/format.ts';
import { followJob } from '../follow-job.ts';
import { readSourceArgument } from '../model-argument.ts';
import { positiveInteger, wholeNumber } from '../number-argument.ts';
import { brief, renderModelDetails } from '../render/models.ts';
import { renderFacts, renderTable } from '../render/table.ts';
import { runCommand, type CommandContext } from '../run-command.ts';

interface Options {
  readonly type?: string;
  readonly layers?: number;
  readonly seed?: number;
  readonly out?: string;
  readonly overwrite?: boolean;
  readonly plan?: boolean;
}

const renderShapes = (shapes: readonly SynthShape[]): string =>
  renderTable<SynthShape>(
    [
      { head: 'shape', cell: (shape) => shape.id },
      { head: 'parameters', align: 'right', cell: (shape) => formatParameters(shape.parameterCount) },
      {
        head: 'active',
        align: 'right',
        cell: (shape) => (shape.isMixture ? formatParameters(shape.activeParameterCount) : 'all'),
      },
      { head: 'layers', align: 'right', cell: (shape) => String(shape.layerCount) },
      { head: 'Q4_K_M GiB', align: 'right', cell: (shape) => formatGib(shape.sizeBytes) },
      { head: 'architecture', cell: (shape) => shape.architecture },
      { head: 'dimensions from', cell: (shape) => `${shape.source} (config.json)` },
    ],
    shapes,
  );

const layersOf = ({ layerCount, wholeLayerCount }: SynthPlan): string =>
  layerCount === wholeLayerCount
    ? String(layerCount)
    : `${layerCount} of ${wholeLayerCount}: its speed is not the whole model's, and is not scaled to it`;

const renderPlan = (plan: SynthPlan): string =>
  renderFacts([
    ['Model', plan.name],
    ['From', plan.source],
    ['Architecture', plan.architecture],
    ['Type', `${plan.type} (${formatFigure(plan.bitsPerWeight)} bits per weight)`],
    ['Layers', layersOf(plan)],
    ['Parameters', formatParameters(plan.parameterCount)],
    ['File', plan.path],
    ['Size', `${formatGib(plan.sizeBytes)} GiB, ${formatGib(plan.freeBytes)} GiB free on that disk`],
    ...(plan.exists ? [['Note', 'the file is already there'] as const] : []),
    ...(plan.fitsOnDisk ? [] : [['Note', 'it does not fit on that disk'] as const]),
  ]);

const inputOf = (source: string, { type, layers, seed, out, overwrite }: Options) => ({
  source: readSourceArgument(source),
  ...(type !== undefined && { type }),
  ...(layers !== undefined && { layers }),
  ...(seed !== undefined && { seed }),
  ...(out !== undefined && { out: resolve(out) }),
  overwrite: overwrite === true,
});

const make = async (context: CommandContext, source: string, options: Options): Promise<void> => {
  const { client, out, signal } = context;
  const input = inputOf(source, options);
  const plan = await client.synth.plan(input, { signal });
  if (options.plan === true) {
    out.result(plan, () => renderPlan(plan));
    return;
  }
  out.note(
    `Writes ${formatGib(plan.sizeBytes)} GiB to ${plan.path} (${formatGib(plan.freeBytes)} GiB free).`,
  );
  const { seq } = await client.app.lastSeq();
  const job = await client.synth.start(input);
  const path = await followJob(context, job, seq);
  const model = await client.models.inspect({ model: path ?? plan.path });
  out.result(brief(model), () => renderModelDetails(model));
  out.note(`Measure it: dyno bench ${model.id}`);
};

export const registerSynth = (program: Command): void => {
  program
    .command('synth')
    .argument(
      '[source]',
      'a shape, a model (id or path), or an address as for dyno models pull; none lists the shapes',
    )
    .option(
      '--type <type>',
      'tensor type or mix: Q4_K_M, Q8_0, IQ3_S… (default: as in the header, Q4_K_M for a shape)',
    )
    .option(
      '--layers <n>',
      'keep this many layers; the file then tests the kernels, not the whole model',
      positiveInteger,
    )
    .option('--seed <n>', 'equal seeds give equal bytes', wholeNumber)
    .option('--out <file>', 'target file (default: in the models folder)')
    .option('--overwrite', 'replace an existing file')
    .option('--plan', 'show size and place, write nothing')
    .description('make a file of random weights with the shape of a model, to benchmark before downloading')
    .addHelpText(
      'after',
      '\nOf an address only the header is read. The file is marked as synthetic, and so is all measured on it.' +
        '\n\nExamples:\n  $ dyno synth\n  $ dyno synth llama-3.2-1b --type Q4_K_M\n' +
        '  $ dyno synth hf:Qwen/Qwen2.5-0.5B-Instruct-GGUF:Q8_0 --plan',
    )
    .action((source: string | undefined, options: Options, command: Command) =>
      runCommand(command, async (context) => {
        if (source !== undefined) {
          await make(context, source, options);
          return;
        }
        if (options.out !== undefined || options.plan === true) {
          throw new AppError('app.bad-input', 'Name a shape, a model or an address first.', {
            hint: 'dyno synth without anything lists the shapes.',
          });
        }
        const shapes = await context.client.synth.shapes();
        context.out.result(shapes, () => renderShapes(shapes));
      }),
    );
};
