import type { Command } from 'commander';
import { AppError } from '../../../shared/errors/app-error.ts';
import { formatCounted } from '../../../shared/units/format.ts';
import { runCommand } from '../run-command.ts';
import { readPlace } from '../tenant-place.ts';

/** The shell's word for either: `research`, or `research/chatbot`. */
const PLACE = '<tenant[/project]>';

const registerSuspend = (tenants: Command): void => {
  tenants
    .command(`suspend ${PLACE}`)
    .description('stops all its keys at once, and the answers they are being given; no new key is made')
    .option('--reason <text>', 'told to who holds one of its keys')
    .addHelpText(
      'after',
      '\nExamples:\n  $ dyno tenants suspend research --reason "unpaid invoice"\n  $ dyno tenants suspend research/chatbot',
    )
    .action((text: string, options: { readonly reason?: string }, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const place = readPlace(text);
        const reason = options.reason ?? null;
        const done =
          place.type === 'tenant'
            ? await client.tenants.suspend({ id: place.id, reason })
            : await client.tenants.suspendProject({ tenantId: place.tenantId, id: place.id, reason });
        out.result(
          done,
          () => `Suspended ${text}: its keys are refused until "dyno tenants resume ${text}".`,
        );
      }),
    );
  tenants
    .command(`resume ${PLACE}`)
    .description('lets the keys of one that was suspended work again')
    .addHelpText('after', '\nExample:\n  $ dyno tenants resume research')
    .action((text: string, _options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const place = readPlace(text);
        const done =
          place.type === 'tenant'
            ? await client.tenants.resume({ id: place.id })
            : await client.tenants.resumeProject({ tenantId: place.tenantId, id: place.id });
        out.result(done, () => `Resumed ${text}: its keys work again.`);
      }),
    );
};

const registerRename = (tenants: Command): void => {
  tenants
    .command(`rename ${PLACE} <name>`)
    .description('how people call it; the id stays')
    .addHelpText(
      'after',
      '\nExamples:\n  $ dyno tenants rename research "Research group"\n  $ dyno tenants rename research/chatbot "Chat bot"',
    )
    .action((text: string, name: string, _options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const place = readPlace(text);
        const done =
          place.type === 'tenant'
            ? await client.tenants.update({ id: place.id, name })
            : await client.tenants.renameProject({ tenantId: place.tenantId, id: place.id, name });
        out.result(done, () => `${text} is called ${done.name} now.`);
      }),
    );
};

const registerRemove = (tenants: Command): void => {
  tenants
    .command(`remove ${PLACE}`)
    .description(
      'for good: revokes all its keys in one step; the ledger goes on naming it, its id stays taken',
    )
    .option('--yes', 'yes, for good: without it nothing is done')
    .addHelpText('after', '\nExample:\n  $ dyno tenants remove research --yes')
    .action((text: string, options: { readonly yes?: boolean }, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const place = readPlace(text);
        if (options.yes !== true) {
          throw new AppError('app.bad-input', `Removing ${text} revokes all its keys and cannot be undone.`, {
            hint: `To stop it for a while: dyno tenants suspend ${text}. To remove it, add --yes.`,
          });
        }
        const done =
          place.type === 'tenant'
            ? await client.tenants.remove({ id: place.id })
            : await client.tenants.removeProject({ tenantId: place.tenantId, id: place.id });
        const { length } = done.revokedKeys;
        out.result(done, () => `Removed ${text}; ${formatCounted(length, 'key')} revoked.`);
      }),
    );
};

/** How tenants and projects stand: one command for both, told apart by the slash. */
export const registerStanding = (tenants: Command): void => {
  registerSuspend(tenants);
  registerRename(tenants);
  registerRemove(tenants);
};
