import { Argument, type Command } from 'commander';
import { renderRecorded, renderRecording, renderRequests } from '../render/requests.ts';
import { runCommand } from '../run-command.ts';

export const registerRequests = (program: Command): void => {
  const requests = program
    .command('requests')
    .description(
      'what the server of the app that runs is asked: the live table, and what was said while recording',
    )
    .addHelpText('after', '\nExample:\n  $ dyno requests list');
  requests
    .command('list')
    .description('requests in work and the newest that ended')
    .addHelpText('after', '\nExample:\n  $ dyno requests list --json')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const list = await client.server.requests();
        out.result(list, () => renderRequests(list));
      }),
    );
  requests
    .command('show <id>')
    .description('body, rendered prompt and answer of a request that came while recording was on')
    .addHelpText('after', '\nExample:\n  $ dyno requests show req_5f0c')
    .action((requestId: string, _options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const recorded = await client.recording.get({ requestId });
        out.result(recorded, () => renderRecorded(recorded));
      }),
    );
  requests
    .command('cancel <id>')
    .description('ends a request in work')
    .addHelpText('after', '\nExample:\n  $ dyno requests cancel req_5f0c')
    .action((requestId: string, _options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        await client.server.cancelRequest({ requestId });
        out.result({ cancelled: requestId }, () => `Cancelled ${requestId}`);
      }),
    );
  requests
    .command('record')
    .addArgument(new Argument('[switch]', 'without it, tells how it stands').choices(['on', 'off']))
    .description('keeps what requests say, in memory alone; off forgets all')
    .addHelpText('after', '\nExample:\n  $ dyno requests record on')
    .action((wanted: 'on' | 'off' | undefined, _options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const status =
          wanted === undefined
            ? await client.recording.status()
            : await client.recording.turn({ isOn: wanted === 'on' });
        out.result(status, () => renderRecording(status));
      }),
    );
};
