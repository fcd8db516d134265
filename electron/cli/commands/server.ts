import type { Command } from 'commander';
import { AppError } from '../../../shared/errors/app-error.ts';
import { addNetworkOptions, readNetworkOptions, type NetworkOptions } from '../network-options.ts';
import { renderCertificate, renderReach } from '../render/network.ts';
import { runCommand } from '../run-command.ts';
import { addHostOption, runOnHosts, showOfHosts } from '../run-on-hosts.ts';
import { saveReport } from '../save-report.ts';

export const registerServer = (program: Command): void => {
  const server = program
    .command('server')
    .description('who can reach the server of the app that runs; its certificate')
    .addHelpText('after', '\nExample:\n  $ dyno server certificate --out server.pem');
  addHostOption(server.command('status'))
    .description('whether it is on, and who can reach it: of every host that runs, each dyno serve as well')
    .addHelpText('after', '\nExamples:\n  $ dyno server status --json\n  $ dyno server status --pid 4711')
    .action((_options, command: Command) =>
      runOnHosts(command, (hosts, out) =>
        showOfHosts(hosts, out, {
          ask: async ({ client }) => [await client.server.status()],
          render: (statuses) => statuses.map(renderReach).join('\n'),
        }),
      ),
    );
  addNetworkOptions(server.command('open'))
    .description('lets other machines reach it, until it is closed or started anew')
    .addHelpText('after', '\nExample:\n  $ dyno server open --listen 192.168.1.5 --host mybox.local')
    .action((options: NetworkOptions, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const input = readNetworkOptions(options);
        if (input === undefined) {
          throw new AppError('app.bad-input', 'It is not said where to listen.', {
            hint: 'Add --listen ADDRESS.',
          });
        }
        const status = await client.server.openNetwork(input);
        out.result(status, () => renderReach(status));
      }),
    );
  server
    .command('close')
    .description('this machine only, from now on; cuts whoever came over the network')
    .addHelpText('after', '\nExample:\n  $ dyno server close')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const status = await client.server.closeNetwork();
        out.result(status, () => renderReach(status));
      }),
    );
  server
    .command('certificate')
    .description('the certificate this machine made for itself, for clients to trust')
    .option('-o, --out <file>', 'writes it there')
    .addHelpText('after', '\nExample:\n  $ dyno server certificate --out server.pem')
    .action(({ out: file }: { readonly out?: string }, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const certificate = await client.server.certificate();
        const { certPem, certPath } = certificate;
        const saved =
          file === undefined ? certPath : await saveReport({ text: certPem, encoding: 'utf8' }, file);
        const told = { ...certificate, certPath: saved };
        out.result(told, () => renderCertificate(told));
      }),
    );
};
