import type { Command } from 'commander';
import type { MintedKey } from '../../../shared/contract/keys.ts';
import { addKeyOptions, durationMs, readLimits, type KeyOptions } from '../key-options.ts';
import type { Output } from '../output.ts';
import { renderAudit, renderKey, renderKeys } from '../render/keys.ts';
import { positiveInteger } from '../number-argument.ts';
import { renderTable } from '../render/table.ts';
import { runCommand } from '../run-command.ts';
import { registerLimitKey } from './limit-key.ts';

/** A new secret: on stdout, so that a script can take it, with the remark that it will not come again on stderr. */
const tellSecret = (out: Output, minted: MintedKey): void => {
  out.note('Keep it now: it is not stored and will not be shown again.');
  out.result(minted, () => `${minted.secret}\n\n${renderKey(minted.key)}`);
};

const registerCreate = (keys: Command): void => {
  addKeyOptions(keys.command('create <name>').description('a new key; its secret is shown once'))
    .addHelpText(
      'after',
      '\nExamples:\n  $ dyno keys create laptop\n  $ dyno keys create nightly --tier batch --rpm 60 --tpm 20000 --expires 90d --json',
    )
    .action((name: string, options: KeyOptions, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const minted = await client.keys.create({
          name,
          role: options.role,
          scopes: options.scope.length === 0 ? null : [...options.scope],
          tier: options.tier,
          tenantId: options.tenant,
          projectId: options.project,
          models: options.model.length === 0 ? null : [...options.model],
          limits: readLimits(options),
          rotation: {
            maxAgeMs: options.maxAge ?? null,
            maxIdleMs: options.maxIdle ?? null,
            isAutomatic: options.autoRotate === true,
          },
          expiresInMs: options.expires ?? null,
        });
        tellSecret(out, minted);
      }),
    );
};

const registerRead = (keys: Command): void => {
  keys
    .command('list')
    .description('all keys, newest first')
    .addHelpText('after', '\nExample:\n  $ dyno keys list --json')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const list = await client.keys.list();
        out.result(list, () => renderKeys(list));
      }),
    );
  keys
    .command('show <key>')
    .description('one key, by its id')
    .addHelpText('after', '\nExample:\n  $ dyno keys show 4k2m9x7q1p8s')
    .action((id: string, _options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const key = await client.keys.get({ id });
        out.result(key, () => renderKey(key));
      }),
    );
  keys
    .command('roles')
    .description('what each role may do')
    .addHelpText('after', '\nExample:\n  $ dyno keys roles')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const roles = await client.keys.roles();
        out.result(roles, () =>
          renderTable(
            [
              { head: 'role', cell: ({ role }) => role },
              { head: 'may', cell: ({ permissions }) => permissions.join(' ') },
            ],
            roles,
          ),
        );
      }),
    );
};

const registerEnd = (keys: Command): void => {
  keys
    .command('rotate <key>')
    .description('a successor with the same rights; the old key works on for a while')
    .option('--grace <duration>', 'how long the old key works on; 0m ends it now (default: 24h)', durationMs)
    .addHelpText('after', '\nExample:\n  $ dyno keys rotate 4k2m9x7q1p8s --grace 2h')
    .action((id: string, options: { readonly grace?: number }, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const minted = await client.keys.rotate({
          id,
          ...(options.grace !== undefined && { graceMs: options.grace }),
        });
        tellSecret(out, minted);
      }),
    );
  keys
    .command('revoke <key>')
    .description(
      "ends a key and, within a second, every answer it is being given; the owner's is renewed instead",
    )
    .addHelpText('after', '\nExample:\n  $ dyno keys revoke 4k2m9x7q1p8s')
    .action((id: string, _options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const key = await client.keys.revoke({ id });
        out.result(key, () => `Revoked ${key.id} (${key.name})`);
      }),
    );
  keys
    .command('renew')
    .description(
      "a new owner's key, which dyno serve prints and the Server page shows; the present one ends at once",
    )
    .addHelpText('after', '\nExample:\n  $ dyno keys renew --json')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const renewed = await client.server.renewApiKey();
        out.result(renewed, () => renewed.apiKey);
      }),
    );
};

const registerAudit = (keys: Command): void => {
  keys
    .command('audit')
    .description('who did what to keys, tenants and limits, newest first, and whether the log is whole')
    .option('--limit <n>', 'lines', positiveInteger, 50)
    .addHelpText('after', '\nExample:\n  $ dyno keys audit --limit 10')
    .action((options: { readonly limit: number }, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const [entries, check] = await Promise.all([
          client.audit.list({ limit: options.limit }),
          client.audit.verify(),
        ]);
        const verdict = check.isWhole
          ? `The log is whole: ${check.entries} lines.`
          : `The log was changed: line ${check.brokenAtSeq ?? '?'} is not as it was written.`;
        out.result({ entries, check }, () => `${renderAudit(entries)}\n\n${verdict}`);
      }),
    );
};

export const registerKeys = (program: Command): void => {
  const keys = program
    .command('keys')
    .description('keys of the server: create, list, show, limit, rotate, revoke, renew, roles, audit')
    .addHelpText('after', '\nExample:\n  $ dyno keys create laptop');
  registerCreate(keys);
  registerRead(keys);
  registerLimitKey(keys);
  registerEnd(keys);
  registerAudit(keys);
};
