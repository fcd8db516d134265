import type { Command } from 'commander';
import type { RunSummary } from '../../../shared/contract/bench.ts';
import { stateWord } from '../../../shared/units/job-outcome.ts';
import { formatFigure, UNKNOWN } from '../../../shared/units/format.ts';
import { renderCells, renderEnergy } from '../render/cell.ts';
import { renderImported } from '../render/report.ts';
import { renderTable } from '../render/table.ts';
import { runCommand } from '../run-command.ts';
import { finishRun } from './bench.ts';

const listText = (runs: readonly RunSummary[]): string =>
  runs.length === 0
    ? 'No runs yet. "dyno bench" makes the first.'
    : renderTable<RunSummary>(
        [
          { head: 'id', cell: (run) => run.id },
          {
            head: 'when',
            cell: (run) => new Date(run.createdAtMs).toISOString().slice(0, 16).replace('T', ' '),
          },
          { head: 'preset', cell: (run) => run.preset },
          {
            head: 'state',
            cell: (run) =>
              run.importedFrom === null ? stateWord(run.state) : `imported, ${run.importedFrom}`,
          },
          { head: 'cells', align: 'right', cell: (run) => `${run.cellsDone}/${run.cellsTotal}` },
          { head: 'best decode t/s', align: 'right', cell: (run) => formatFigure(run.bestDecodeTps) },
          { head: 'best', cell: (run) => run.bestModelId ?? UNKNOWN },
          { head: 'name', cell: (run) => run.name },
        ],
        runs,
      );

export const registerRuns = (program: Command): void => {
  const runs = program
    .command('runs')
    .description('benchmark runs: list, show, resume, remove')
    .addHelpText('after', '\nExample:\n  $ dyno runs list');
  runs
    .command('list')
    .description('all runs, newest first')
    .addHelpText('after', '\nExample:\n  $ dyno runs list')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const list = await client.bench.list();
        out.result(list, () => listText(list));
      }),
    );
  runs
    .command('show <run>')
    .description('every cell of a run with its figures')
    .addHelpText('after', '\nExample:\n  $ dyno runs show run_mh2x9k --json')
    .action((runId: string, _options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const summary = (await client.bench.list()).find(({ id }) => id === runId);
        if (summary !== undefined && summary.importedFrom !== null) {
          const imported = await client.reports.imported({ runId });
          out.result(imported, () => renderImported(imported));
          return;
        }
        const run = await client.bench.get({ runId });
        out.result(run, () => [renderCells(run.cells), ...renderEnergy(run.cells)].join('\n'));
      }),
    );
  runs
    .command('resume <run>')
    .description('measure the cells that a stopped run left open')
    .addHelpText('after', '\nExample:\n  $ dyno runs resume run_mh2x9k')
    .action((runId: string, _options, command: Command) =>
      runCommand(command, async (context) => {
        const { seq } = await context.client.app.lastSeq();
        const started = await context.client.bench.resume({ runId });
        await finishRun(context, started, seq, []);
      }),
    );
  runs
    .command('remove <run>')
    .description('forget a run with its samples')
    .addHelpText('after', '\nExample:\n  $ dyno runs remove run_mh2x9k')
    .action((runId: string, _options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        await client.bench.remove({ runId });
        out.result({ removed: runId }, () => `Removed ${runId}`);
      }),
    );
};
