import type { Command } from 'commander';
import type { EngineStep } from '../../../shared/contract/engine-steps.ts';
import type { Replica } from '../../../shared/contract/engine.ts';
import { formatCount, formatFigure, formatGib } from '../../../shared/units/format.ts';
import { modelArgument } from '../model-argument.ts';
import { positiveInteger } from '../number-argument.ts';
import { renderTable } from '../render/table.ts';
import { runCommand } from '../run-command.ts';
import { addHostOption, askWhoKnows, runOnHosts, showOfHosts } from '../run-on-hosts.ts';

const prefillPercent = (steps: Replica['steps']): number | undefined =>
  steps === undefined ? undefined : steps.prefillShare * 100;

const listText = (replicas: readonly Replica[]): string =>
  replicas.length === 0
    ? 'No engine is loaded.'
    : renderTable<Replica>(
        [
          { head: 'id', cell: (replica) => replica.id },
          { head: 'model', cell: (replica) => replica.modelId },
          { head: 'state', cell: (replica) => replica.state.type },
          { head: 'running', align: 'right', cell: (replica) => formatCount(replica.running) },
          { head: 'queued', align: 'right', cell: (replica) => formatCount(replica.queued) },
          {
            head: 'batch mean',
            align: 'right',
            cell: ({ steps }) => formatFigure(steps?.decodeBatchMean),
          },
          { head: 'step p50 ms', align: 'right', cell: ({ steps }) => formatFigure(steps?.decodeMsP50) },
          { head: 'p95 ms', align: 'right', cell: ({ steps }) => formatFigure(steps?.decodeMsP95) },
          { head: 'n', align: 'right', cell: ({ steps }) => formatCount(steps?.decodeSteps) },
          { head: 'prefill %', align: 'right', cell: ({ steps }) => formatFigure(prefillPercent(steps)) },
          {
            head: 'loop p99 ms',
            align: 'right',
            cell: ({ steps }) => formatFigure(steps?.loopDelayP99Ms),
          },
          { head: 'resident GiB', align: 'right', cell: (replica) => formatGib(replica.residentBytes) },
        ],
        replicas,
      );

const stepsText = (steps: readonly EngineStep[]): string =>
  steps.length === 0
    ? 'It has made no step yet.'
    : renderTable<EngineStep>(
        [
          {
            head: 'before newest ms',
            align: 'right',
            cell: ({ atMs }) => formatFigure((steps.at(-1)?.atMs ?? atMs) - atMs),
          },
          { head: 'decoded', align: 'right', cell: ({ decoded }) => formatCount(decoded) },
          { head: 'prefilled', align: 'right', cell: ({ prefilled }) => formatCount(prefilled) },
          { head: 'took ms', align: 'right', cell: ({ tookMs }) => formatFigure(tookMs) },
          { head: 'sampling ms', align: 'right', cell: ({ sampleMs }) => formatFigure(sampleMs) },
          { head: 'running', align: 'right', cell: ({ running }) => formatCount(running) },
          { head: 'queued', align: 'right', cell: ({ queued }) => formatCount(queued) },
        ],
        steps,
      );

export const registerEngines = (program: Command): void => {
  const engines = program
    .command('engines')
    .description('loaded models: list, unload, and the mark of bad ones')
    .addHelpText('after', '\nExample:\n  $ dyno engines list');
  addHostOption(engines.command('list'))
    .description('the engines of every host that runs')
    .addHelpText('after', '\nExample:\n  $ dyno engines list --json')
    .action((_options, command: Command) =>
      runOnHosts(command, (hosts, out) =>
        showOfHosts(hosts, out, { ask: ({ client }) => client.engines.list(), render: listText }),
      ),
    );
  addHostOption(engines.command('steps <engine>'))
    .description('its newest steps, one by one: what each batch held, and how long it took')
    .option('--last <count>', 'so many, at most 512', positiveInteger, 20)
    .addHelpText('after', '\nExample:\n  $ dyno engines steps replica_mh2x9k --last 50')
    .action((replicaId: string, { last }: { last: number }, command: Command) =>
      runOnHosts(command, async (hosts, out) => {
        const steps = await askWhoKnows(hosts, ({ client }) => client.engines.steps({ replicaId, last }));
        out.result(steps, () => stepsText(steps));
      }),
    );
  addHostOption(engines.command('unload <engine>'))
    .description('stop an engine and give its memory back; its requests get an error')
    .addHelpText('after', '\nExample:\n  $ dyno engines unload engine_mh2x9k')
    .action((replicaId: string, _options, command: Command) =>
      runOnHosts(command, async (hosts, out) => {
        await askWhoKnows(hosts, ({ client }) => client.engines.unload({ replicaId }));
        out.result({ unloaded: replicaId }, () => `Unloaded ${replicaId}`);
      }),
    );
  engines
    .command('unmark')
    .addArgument(modelArgument())
    .description('let a model be loaded again that crashed three times')
    .addHelpText('after', '\nExample:\n  $ dyno engines unmark ./model.gguf')
    .action((model: string, _options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const cleared = await client.engines.clearMark({ model });
        out.result(cleared, () => `${cleared.modelId} may be loaded again.`);
      }),
    );
};
