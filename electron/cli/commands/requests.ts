import { Argument, type Command } from 'commander';
import { renderRecorded, renderRecording, renderRequests } from '../render/requests.ts';
import { addHostOption, askWhoKnows, onlyHost, runOnHosts, showOfHosts } from '../run-on-hosts.ts';

export const registerRequests = (program: Command): void => {
  const requests = program
    .command('requests')
    .description(
      'what the servers that run (dyno serve, dyno app) are asked: the live table, and what was said while recording',
    )
    .addHelpText('after', '\nExample:\n  $ dyno requests list');
  addHostOption(requests.command('list'))
    .description('requests in work and the newest that ended, of every host that runs')
    .addHelpText('after', '\nExamples:\n  $ dyno requests list --json\n  $ dyno requests list --pid 4711')
    .action((_options, command: Command) =>
      runOnHosts(command, (hosts, out) =>
        showOfHosts(hosts, out, { ask: ({ client }) => client.server.requests(), render: renderRequests }),
      ),
    );
  addHostOption(requests.command('show <id>'))
    .description('body, rendered prompt and answer of a request that came while recording was on')
    .addHelpText('after', '\nExample:\n  $ dyno requests show req_5f0c')
    .action((requestId: string, _options, command: Command) =>
      runOnHosts(command, async (hosts, out) => {
        const recorded = await askWhoKnows(hosts, ({ client }) => client.recording.get({ requestId }));
        out.result(recorded, () => renderRecorded(recorded));
      }),
    );
  addHostOption(requests.command('cancel <id>'))
    .description('ends a request in work')
    .addHelpText('after', '\nExample:\n  $ dyno requests cancel req_5f0c')
    .action((requestId: string, _options, command: Command) =>
      runOnHosts(command, async (hosts, out) => {
        await askWhoKnows(hosts, ({ client }) => client.server.cancelRequest({ requestId }));
        out.result({ cancelled: requestId }, () => `Cancelled ${requestId}`);
      }),
    );
  addHostOption(requests.command('record'))
    .addArgument(new Argument('[switch]', 'without it, tells how it stands').choices(['on', 'off']))
    .description('keeps what requests say, in memory alone; off forgets all')
    .addHelpText('after', '\nExample:\n  $ dyno requests record on')
    .action((wanted: 'on' | 'off' | undefined, _options, command: Command) =>
      runOnHosts(command, async (hosts, out) => {
        const { client } = await onlyHost(hosts);
        const status =
          wanted === undefined
            ? await client.recording.status()
            : await client.recording.turn({ isOn: wanted === 'on' });
        out.result(status, () => renderRecording(status));
      }),
    );
};
