import type { Command } from 'commander';
import { limitsText } from '../../../shared/units/limits-text.ts';
import { openOwnHost } from '../connect.ts';
import { addLimitOptions, readLimits, type LimitOptions } from '../key-options.ts';
import { renderLimitUse, renderTenants } from '../render/keys.ts';
import { runCommand } from '../run-command.ts';
import { addHostOption, runOnHosts, showOfHosts } from '../run-on-hosts.ts';
import { registerStanding } from './tenant-standing.ts';

const registerChange = (tenants: Command): void => {
  addLimitOptions(
    tenants
      .command('create <id>')
      .description('a tenant with a project "default"; limits hold for all its keys together')
      .option('--name <name>', 'how people call it'),
  )
    .addHelpText('after', '\nExample:\n  $ dyno tenants create research --name "Research group" --tpm 100000')
    .action((id: string, options: LimitOptions & { readonly name?: string }, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const tenant = await client.tenants.create({
          id,
          name: options.name ?? id,
          limits: readLimits(options),
        });
        out.result(tenant, () => `Created ${tenant.id}; limits: ${limitsText(tenant.limits)}`);
      }),
    );
  tenants
    .command('add-project <tenant> <id>')
    .description('a project within a tenant')
    .option('--name <name>', 'how people call it')
    .addHelpText('after', '\nExample:\n  $ dyno tenants add-project research chatbot')
    .action((tenantId: string, id: string, options: { readonly name?: string }, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const project = await client.tenants.createProject({ tenantId, id, name: options.name ?? id });
        out.result(project, () => `Created ${project.tenantId}/${project.id}`);
      }),
    );
};

const registerLimits = (tenants: Command): void => {
  addLimitOptions(
    tenants
      .command('limit <id>')
      .description('replaces the limits of a tenant, or of the whole server with the id "server"'),
  )
    .addHelpText(
      'after',
      '\nExamples:\n  $ dyno tenants limit research --rpm 120\n  $ dyno tenants limit server --concurrency 32',
    )
    .action((id: string, options: LimitOptions, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const limits = readLimits(options);
        if (id === 'server') await client.tenants.setServerLimits(limits);
        else await client.tenants.update({ id, limits });
        out.result({ id, limits }, () => `Limits of ${id}: ${limitsText(limits)}`);
      }),
    );
};

const registerUse = (tenants: Command): void => {
  addHostOption(tenants.command('limits'))
    .description(
      'every limit of server, tenants and keys, with what is left of it now: of every host that runs',
    )
    .addHelpText('after', '\nExamples:\n  $ dyno tenants limits --json\n  $ dyno tenants limits --pid 4711')
    .action((_options, command: Command) =>
      runOnHosts(command, async (hosts, out) => {
        if (hosts.length > 0) {
          await showOfHosts(hosts, out, {
            ask: ({ client }) => client.tenants.limitUse(),
            render: renderLimitUse,
          });
          return;
        }
        await using own = await openOwnHost(); // nobody counts now: as the data folder keeps it
        const uses = await own.client.tenants.limitUse();
        const rows = uses.map((use) => ({ ...use, hostPid: null }));
        out.result(rows, () => renderLimitUse(uses));
      }),
    );
};

export const registerTenants = (program: Command): void => {
  const tenants = program
    .command('tenants')
    .description('tenants and projects that keys belong to, and their limits')
    .addHelpText('after', '\nExample:\n  $ dyno tenants list');
  tenants
    .command('list')
    .description('all tenants with their projects, how they stand, and their limits')
    .option('--removed', 'removed ones as well')
    .addHelpText('after', '\nExamples:\n  $ dyno tenants list --json\n  $ dyno tenants list --removed')
    .action((options: { readonly removed?: boolean }, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const listed = { includesRemoved: options.removed === true };
        const [list, projects, server] = await Promise.all([
          client.tenants.list(listed),
          client.tenants.projects(listed),
          client.tenants.serverLimits(),
        ]);
        out.result(
          { tenants: list, projects, server },
          () => `${renderTenants(list, projects)}\n\nLimits of the whole server: ${limitsText(server)}`,
        );
      }),
    );
  registerChange(tenants);
  registerStanding(tenants);
  registerLimits(tenants);
  registerUse(tenants);
};
