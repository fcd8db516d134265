import { InvalidArgumentError, type Command } from 'commander';
import { MOST_PRICE_MICRO } from '../../../shared/contract/prices.ts';
import { readMicro } from '../../../shared/units/micro.ts';
import { renderPrices } from '../render/prices.ts';
import { runCommand } from '../run-command.ts';
import { registerLocal } from './local-cost.ts';

interface SheetOptions {
  readonly currency: string;
  readonly from: string;
}

const price = (text: string): number => {
  const micro = readMicro(text);
  if (micro === undefined || micro > MOST_PRICE_MICRO) {
    throw new InvalidArgumentError('It must be a price up to 1000 with at most six decimals, as 0.25.');
  }
  return micro;
};

const addSheet = (command: Command): Command =>
  command
    .requiredOption('--currency <code>', 'as EUR')
    .requiredOption('--from <day>', 'the first day it holds (UTC), as 2026-11-01');

const registerSet = (prices: Command): void => {
  addSheet(
    prices
      .command('set <model>')
      .description('the price of a model, or of all that begin so with a * at the end, from a day on'),
  )
    .requiredOption('--prompt <price>', 'for a million prompt tokens', price)
    .option('--cached <price>', "for a million that the cache held (default: the prompt's)", price)
    .requiredOption('--output <price>', 'for a million output tokens, reasoning included', price)
    .addHelpText(
      'after',
      '\nExample:\n  $ dyno prices set demo --currency EUR --prompt 0.25 --output 1 --from 2026-11-01',
    )
    .action(
      (
        model: string,
        options: SheetOptions & {
          readonly prompt: number;
          readonly cached?: number;
          readonly output: number;
        },
        command: Command,
      ) =>
        runCommand(command, async ({ client, out }) => {
          const sheet = await client.prices.set({
            model,
            currency: options.currency,
            fromDay: options.from,
            promptMicro: options.prompt,
            cachedMicro: options.cached ?? options.prompt,
            outputMicro: options.output,
          });
          out.result(sheet, () => renderPrices([sheet]));
        }),
    );
};

export const registerPrices = (program: Command): void => {
  const prices = program
    .command('prices')
    .description('what tokens cost, and what this machine does')
    .addHelpText('after', '\nExample:\n  $ dyno prices list');
  prices
    .command('list')
    .description('all price sheets')
    .addHelpText('after', '\nExample:\n  $ dyno prices list --json')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const sheets = await client.prices.list();
        out.result(sheets, () => renderPrices(sheets));
      }),
    );
  registerSet(prices);
  registerLocal(prices);
  addSheet(prices.command('remove <model>').description('forgets a price sheet'))
    .addHelpText('after', '\nExample:\n  $ dyno prices remove demo --currency EUR --from 2026-11-01')
    .action((model: string, { currency, from }: SheetOptions, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const sheet = await client.prices.remove({ model, currency, fromDay: from });
        out.result(sheet, () => `Removed the price of ${model} in ${currency} from ${from} on.`);
      }),
    );
};
