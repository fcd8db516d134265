import type { Command } from 'commander';
import type { AlertDelivery, AlertState } from '../../../shared/contract/alerts.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { runCommand } from '../run-command.ts';

const deliveryText = ({ atMs, attempts, problem }: AlertDelivery): string => {
  const when = `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return problem === null ? `taken ${when}` : `not taken ${when}, try ${attempts}: ${problem}`;
};

const stateText = ({ hook, delivery, waiting }: AlertState): string =>
  hook === null
    ? 'Alerts are sent nowhere; the window and the audit log have them.'
    : [
        `Alerts are sent to ${hook.url}${hook.allowsPrivate ? ', also on the own network' : ''}.`,
        ...(delivery === null ? [] : [`The newest was ${deliveryText(delivery)}`]),
        ...(waiting === 0 ? [] : [`${waiting} wait for another try.`]),
      ].join('\n');

export const registerAlerts = (program: Command): void => {
  const alerts = program
    .command('alerts')
    .description('where it is told that a budget is used up')
    .addHelpText('after', '\nExample:\n  $ dyno alerts show');
  alerts
    .command('show')
    .description('the address, and how the newest alert fared')
    .addHelpText('after', '\nExample:\n  $ dyno alerts show --json')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const state = await client.alerts.state();
        out.result(state, () => stateText(state));
      }),
    );
  alerts
    .command('set <url>')
    .description('a webhook that takes JSON by POST: Slack, Mattermost, Discord, or a program of yours')
    .option('--private', 'it is on this machine or its own network')
    .addHelpText('after', '\nExample:\n  $ dyno alerts set https://hooks.example.org/T0/B0/secret')
    .action((url: string, options: { readonly private?: boolean }, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const state = await client.alerts.setHook({
          hook: { url, allowsPrivate: options.private === true },
        });
        out.result(state, () => `${stateText(state)}\ndyno alerts test sends one now.`);
      }),
    );
  alerts
    .command('off')
    .description('sends alerts nowhere')
    .addHelpText('after', '\nExample:\n  $ dyno alerts off')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const state = await client.alerts.setHook({ hook: null });
        out.result(state, () => stateText(state));
      }),
    );
  alerts
    .command('test')
    .description('sends one alert now, once')
    .addHelpText('after', '\nExample:\n  $ dyno alerts test')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client, out, signal }) => {
        const delivery = await client.alerts.test(undefined, { signal });
        if (delivery.problem !== null) {
          throw new AppError('outbound.failed', delivery.problem, {
            hint: 'dyno alerts show has the address; --private allows one of your own network.',
          });
        }
        out.result(delivery, () => 'The alert was taken.');
      }),
    );
};
