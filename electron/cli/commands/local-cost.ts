import { InvalidArgumentError, type Command } from 'commander';
import { localCostSchema, type LocalCost } from '../../../shared/contract/local-cost.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { readMicro } from '../../../shared/units/micro.ts';
import { renderCosts, renderLocal } from '../render/costs.ts';
import { runCommand } from '../run-command.ts';
import { addSpan, spanOf, type SpanOptions } from './span-options.ts';

interface LocalOptions {
  readonly currency?: string;
  readonly perKwh?: number;
  readonly hardware?: number;
  readonly years?: number;
  readonly used?: number;
  readonly watts?: number | false;
  readonly forget?: boolean;
}

const money = (text: string): number => {
  const micro = readMicro(text);
  if (micro === undefined) throw new InvalidArgumentError('It must be an amount, as 2400 or 0.32.');
  return micro;
};

const number = (text: string): number => {
  if (!/^\d+(\.\d+)?$/u.test(text)) throw new InvalidArgumentError('It must be a number, as 25 or 2.5.');
  return Number(text);
};

const patchOf = ({ currency, perKwh, hardware, years, used, watts }: LocalOptions): Partial<LocalCost> => ({
  ...(currency !== undefined && { currency }),
  ...(perKwh !== undefined && { perKwhMicro: perKwh }),
  ...(hardware !== undefined && { hardwareMicro: hardware }),
  ...(years !== undefined && { amortisationYears: years }),
  ...(used !== undefined && { usedShare: used / 100 }),
  ...(watts !== undefined && { assumedWatts: watts === false ? null : watts }),
});

/** Which option stands for a field, for those who left it out. */
const optionOf: Readonly<Record<string, string>> = {
  currency: '--currency',
  perKwhMicro: '--per-kwh',
  hardwareMicro: '--hardware',
  amortisationYears: '--years',
  usedShare: '--used',
  assumedWatts: '--watts',
};

/** @throws AppError `app.bad-input` for what is missing, or cannot be */
const readLocal = (given: Partial<LocalCost>): LocalCost => {
  const parsed = localCostSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues.map(
    ({ path, message }) => `${optionOf[String(path[0])] ?? ''}: ${message}`,
  );
  throw new AppError('app.bad-input', why.join('; '), {
    hint: 'The first time all but --watts are needed; dyno prices local --help has an example.',
  });
};

/** `dyno prices local`: what this machine costs its owner. */
export const registerLocal = (prices: Command): void => {
  prices
    .command('local')
    .description('what this machine costs: shows it, or changes what is given')
    .option('--currency <code>', 'as EUR')
    .option('--per-kwh <price>', 'of a kilowatt-hour', money)
    .option('--hardware <price>', 'that the hardware cost', money)
    .option('--years <years>', 'over which that is written off', number)
    .option('--used <percent>', 'of the day in which it is there for this', number)
    .option('--watts <watts>', 'assumed in those hours where no counter tells the energy', number)
    .option('--no-watts', 'assume none: no figure where no counter tells it')
    .option('--forget', 'forget all of it')
    .addHelpText(
      'after',
      '\nExample:\n  $ dyno prices local --currency EUR --per-kwh 0.32 --hardware 2400 --years 4 --used 33 --watts 180',
    )
    .action((options: LocalOptions, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const patch = patchOf(options);
        const isAsked = options.forget !== true && Object.keys(patch).length === 0;
        const current = await client.costs.local();
        const next = isAsked
          ? current
          : await client.costs.setLocal({
              local: options.forget === true ? null : readLocal({ ...current, ...patch }),
            });
        out.result(next, () => renderLocal(next));
      }),
    );
};

/** `dyno usage cost`: this machine against price sheets. */
export const registerCost = (usage: Command): void => {
  addSpan(
    usage
      .command('cost')
      .description(
        'what the requests cost on this machine, and at each price sheet; from when on it is cheaper',
      ),
  )
    .addHelpText('after', '\nExample:\n  $ dyno usage cost --from 2026-11 --to 2026-12 --json')
    .action((options: SpanOptions, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const report = await client.costs.report(spanOf(options));
        out.result(report, () => renderCosts(report));
      }),
    );
};
