import { InvalidArgumentError, Option, type Command } from 'commander';
import {
  budgetWindows,
  type BudgetId,
  type BudgetOwner,
  type BudgetWindow,
} from '../../../shared/contract/budgets.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { readMicro } from '../../../shared/units/micro.ts';
import { wholeNumber } from '../number-argument.ts';
import { budgetText, renderBudgets } from '../render/budgets.ts';
import { runCommand } from '../run-command.ts';

interface OwnerOptions {
  readonly key?: string;
  readonly tenant?: string;
  readonly window: BudgetWindow;
  readonly currency?: string;
}

interface SetOptions extends OwnerOptions {
  readonly tokens?: number;
  readonly money?: number;
  readonly alert?: readonly number[];
  readonly soft?: boolean;
}

const money = (text: string): number => {
  const micro = readMicro(text);
  if (micro === undefined || micro === 0) {
    throw new InvalidArgumentError('It must be an amount above 0 with at most six decimals, as 20 or 2.50.');
  }
  return micro;
};

/** `50,80` */
const percents = (text: string): readonly number[] =>
  text.split(',').map((each) => {
    const percent = Number(each);
    if (Number.isInteger(percent) && percent >= 1 && percent <= 100) return percent;
    throw new InvalidArgumentError('It must be whole percents from 1 to 100, as 50,80.');
  });

const bad = (message: string, hint: string): AppError => new AppError('app.bad-input', message, { hint });

const ownerOf = ({ key, tenant }: OwnerOptions): BudgetOwner => {
  if (key !== undefined && tenant === undefined) return { type: 'key', keyId: key };
  if (tenant !== undefined && key === undefined) return { type: 'tenant', tenantId: tenant };
  throw bad('A budget is of a key or of a tenant.', 'Give --key ID or --tenant ID.');
};

const idOf = (options: OwnerOptions): BudgetId => ({
  owner: ownerOf(options),
  window: options.window,
  currency: options.currency ?? null,
});

const limitOf = ({ tokens, money: micro, currency }: SetOptions): number => {
  if (tokens !== undefined && micro === undefined && currency === undefined) return tokens;
  if (micro !== undefined && currency !== undefined && tokens === undefined) return micro;
  throw bad(
    'A budget is in tokens or in money.',
    'Give --tokens 2000000, or --money 20 with --currency EUR.',
  );
};

const addOwner = (command: Command): Command =>
  command
    .option('--key <id>', 'of a key, its successors, and the keys it made')
    .option('--tenant <id>', 'of all keys of a tenant')
    .addOption(
      new Option('--window <window>', 'calendar window (UTC) after which it begins anew')
        .choices(budgetWindows)
        .makeOptionMandatory(),
    );

const registerSet = (budgets: Command): void => {
  addOwner(budgets.command('set').description('sets or replaces a budget; one owner may have several'))
    .option('--tokens <n>', 'prompt and output tokens together', wholeNumber)
    .option('--money <amount>', 'an amount of --currency, by the price sheets', money)
    .option('--currency <code>', 'as EUR')
    .option('--alert <percents>', 'shares at which it is told, as 50,80 (default: 80,100)', percents)
    .option('--soft', 'only tell; refuse nothing')
    .addHelpText(
      'after',
      '\nExamples:\n  $ dyno usage budgets set --tenant research --window month --tokens 2000000\n' +
        '  $ dyno usage budgets set --key 3f0c5b1a9d2e --window day --money 2.50 --currency EUR --alert 50,80',
    )
    .action((options: SetOptions, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const use = await client.budgets.set({
          ...idOf(options),
          limit: limitOf(options),
          ...(options.alert !== undefined && { alertPercents: [...options.alert] }),
          isEnforced: options.soft !== true,
        });
        out.result(use, () => `Set the budget of ${budgetText(use.budget)}.\n\n${renderBudgets([use])}`);
      }),
    );
};

export const registerBudgets = (usage: Command): void => {
  const budgets = usage
    .command('budgets')
    .description('what keys and tenants may use in an hour, day, week, month or year')
    .addHelpText('after', '\nExample:\n  $ dyno usage budgets list');
  budgets
    .command('list')
    .description('every budget with what is used of it')
    .addHelpText('after', '\nExample:\n  $ dyno usage budgets list --json')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const uses = await client.budgets.list();
        out.result(uses, () => renderBudgets(uses));
      }),
    );
  registerSet(budgets);
  addOwner(budgets.command('remove').description('takes a budget away; what was used stays in the ledger'))
    .option('--currency <code>', 'of one in money, as EUR; left out: the one in tokens')
    .addHelpText('after', '\nExample:\n  $ dyno usage budgets remove --tenant research --window month')
    .action((options: OwnerOptions, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const budget = await client.budgets.remove(idOf(options));
        out.result(budget, () => `Removed the budget of ${budgetText(budget)}.`);
      }),
    );
};
