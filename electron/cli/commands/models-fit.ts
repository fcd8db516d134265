import type { Command } from 'commander';
import type { MemoryFit } from '../../../shared/contract/models.ts';
import { formatCount, formatGib } from '../../../shared/units/format.ts';
import { renderFacts } from '../render/table.ts';
import { addEngineOptions, readEngineOptions, type EngineOptions } from '../engine-options.ts';
import { modelArgument } from '../model-argument.ts';
import { runCommand } from '../run-command.ts';

const text = (fit: MemoryFit): string =>
  renderFacts([
    ['Setting', `${fit.slots} slots of ${formatCount(fit.contextSize)} tokens`],
    ['Weights', `${formatGib(fit.weightsBytes)} GiB`],
    ['KV cache', `${formatGib(fit.kvCacheBytes)} GiB`],
    ['Compute buffers', `${formatGib(fit.computeBytes)} GiB`],
    ['RAM', `${formatGib(fit.totalRamBytes)} of ${formatGib(fit.availableRamBytes)} GiB available`],
    ['VRAM', `${formatGib(fit.totalVramBytes)} of ${formatGib(fit.availableVramBytes)} GiB available`],
    ['Fits', fit.fits ? 'yes' : 'no'],
    ['Largest context', `${formatCount(fit.largestContextSize)} tokens per slot`],
    ['Advice', fit.advice],
  ]);

export const registerFit = (models: Command): void => {
  addEngineOptions(
    models
      .command('fit')
      .addArgument(modelArgument())
      .description('memory a setting needs, before anything is loaded, and the largest context that fits'),
  )
    .addHelpText('after', '\nExample:\n  $ dyno models fit dyno-demo-4m-f16 --context 1024 --slots 8')
    .action((model: string, options: EngineOptions, command: Command) =>
      runCommand(command, async ({ client, out, signal }) => {
        const fit = await client.models.fit({ model, settings: readEngineOptions(options) }, { signal });
        out.result(fit, () => text(fit));
      }),
    );
};
