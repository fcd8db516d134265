import type { Command } from 'commander';
import { renderComparison } from '../render/comparison.ts';
import { runCommand } from '../run-command.ts';

export const registerCompare = (program: Command): void => {
  program
    .command('compare <runs...>')
    .description('the models of one or more runs side by side; says where they may not be compared')
    .option('--base <model>', 'model the others are held against; default: F16, else the largest file')
    .addHelpText('after', '\nExample:\n  $ dyno compare run_mh2x9k run_mh3a1b')
    .action((runIds: string[], options: { base?: string }, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const comparison = await client.bench.compare({
          runIds,
          ...(options.base !== undefined && { baseModelId: options.base }),
        });
        out.result(comparison, () => renderComparison(comparison));
      }),
    );
};
