import type { Command } from 'commander';
import type { Sweep } from '../../../shared/contract/sweep.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { stateWord } from '../../../shared/units/job-outcome.ts';
import { servingSettings } from '../../../shared/units/serving-settings.ts';
import { renderSweep } from '../render/sweep.ts';
import { renderTable } from '../render/table.ts';
import { runCommand } from '../run-command.ts';
import { finishSweep } from './sweep.ts';

const listText = (sweeps: readonly Sweep[]): string =>
  sweeps.length === 0
    ? 'No sweeps yet. "dyno sweep MODEL --threads 1,2,4" makes the first.'
    : renderTable<Sweep>(
        [
          { head: 'id', cell: (sweep) => sweep.id },
          {
            head: 'when',
            cell: (sweep) => new Date(sweep.createdAtMs).toISOString().slice(0, 16).replace('T', ' '),
          },
          { head: 'model', cell: (sweep) => sweep.modelId },
          { head: 'state', cell: (sweep) => stateWord(sweep.state) },
          { head: 'candidates', align: 'right', cell: (sweep) => String(sweep.candidates.length) },
          { head: 'result', cell: (sweep) => sweep.sentence ?? '' },
        ],
        sweeps,
      );

export const registerSweeps = (program: Command): void => {
  const sweeps = program
    .command('sweeps')
    .description('searches over engine settings: list, show, resume, use, remove')
    .addHelpText('after', '\nExample:\n  $ dyno sweeps list');
  sweeps
    .command('list')
    .description('all sweeps, newest first')
    .addHelpText('after', '\nExample:\n  $ dyno sweeps list')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const list = await client.sweeps.list();
        out.result(list, () => listText(list));
      }),
    );
  sweeps
    .command('show <sweep>')
    .description('every candidate, how long it stayed, and why it is out')
    .addHelpText('after', '\nExample:\n  $ dyno sweeps show sweep_mh2x9k --json')
    .action((sweepId: string, _options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const sweep = await client.sweeps.get({ sweepId });
        out.result(sweep, () => renderSweep(sweep));
      }),
    );
  sweeps
    .command('resume <sweep>')
    .description('go on from the last repetition of a stopped sweep')
    .addHelpText('after', '\nExample:\n  $ dyno sweeps resume sweep_mh2x9k')
    .action((sweepId: string, _options, command: Command) =>
      runCommand(command, async (context) => {
        const { seq } = await context.client.app.lastSeq();
        await finishSweep(context, await context.client.sweeps.resume({ sweepId }), seq);
      }),
    );
  sweeps
    .command('use <sweep>')
    .description('load the model with the winning settings from now on')
    .addHelpText('after', '\nExample:\n  $ dyno sweeps use sweep_mh2x9k')
    .action((sweepId: string, _options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const { winnerId, candidates, modelId, spec } = await client.sweeps.get({ sweepId });
        const winner = candidates.find(({ id }) => id === winnerId);
        if (winner === undefined) {
          throw new AppError('app.bad-input', 'This sweep has no winner yet.', {
            hint: `dyno sweeps resume ${sweepId} goes on.`,
          });
        }
        const kept = servingSettings(winner, spec);
        const { modelEngine } = await client.app.settings();
        await client.app.updateSettings({ modelEngine: { ...modelEngine, [modelId]: kept } });
        out.result(
          { modelId, settings: kept },
          () => `${modelId} is loaded with ${winner.label} from now on.`,
        );
      }),
    );
  sweeps
    .command('remove <sweep>')
    .description('forget a sweep')
    .addHelpText('after', '\nExample:\n  $ dyno sweeps remove sweep_mh2x9k')
    .action((sweepId: string, _options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        await client.sweeps.remove({ sweepId });
        out.result({ removed: sweepId }, () => `Removed ${sweepId}`);
      }),
    );
};
