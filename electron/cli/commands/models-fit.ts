import type { Command } from 'commander';
import type { MemoryFit } from '../../../shared/contract/models.ts';
import { formatCount, formatGib } from '../../../shared/units/format.ts';
import { decisionText } from '../../../shared/units/memory-basis.ts';
import { renderExpected, renderHistory, renderLoads } from '../render/memory.ts';
import { renderFacts } from '../render/table.ts';
import { addEngineOptions, readEngineOptions, type EngineOptions } from '../engine-options.ts';
import { modelArgument } from '../model-argument.ts';
import { runCommand } from '../run-command.ts';

const hasGpu = ({ totalVramBytes, availableVramBytes }: MemoryFit): boolean =>
  totalVramBytes > 0 || availableVramBytes > 0;

const figures = (fit: MemoryFit): string =>
  renderFacts([
    ['Setting', `${fit.slots} slots of ${formatCount(fit.contextSize)} tokens`],
    ['Weights', `${formatGib(fit.weightsBytes)} GiB`],
    ['KV cache', `${formatGib(fit.kvCacheBytes)} GiB`],
    ['Compute buffers', `${formatGib(fit.computeBytes)} GiB`],
    ['RAM', `${formatGib(fit.neededRamBytes)} of ${formatGib(fit.availableRamBytes)} GiB available`],
    ...(hasGpu(fit)
      ? [
          [
            'VRAM',
            `${formatGib(fit.totalVramBytes)} of ${formatGib(fit.availableVramBytes)} GiB available`,
          ] as const,
        ]
      : []),
    ['Process', renderExpected(fit.expected)],
    ['Fits', `${fit.fits ? 'yes' : 'no'}, ${decisionText(fit)}`],
    ['Largest context', `${formatCount(fit.largestContextSize)} tokens per slot`],
    ['Advice', fit.advice],
  ]);

const text = (fit: MemoryFit): string =>
  fit.pastLoads.length === 0
    ? figures(fit)
    : [figures(fit), '', 'Past loads of this model:', renderLoads(fit.pastLoads)].join('\n');

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

  models
    .command('memory')
    .description('expected against measured memory of all loads on this machine')
    .addHelpText('after', '\nExample:\n  $ dyno models memory')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client, out, signal }) => {
        const history = await client.models.memoryHistory({}, { signal });
        out.result(history, () => renderHistory(history));
      }),
    );
};
