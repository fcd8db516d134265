import type { Command } from 'commander';
import type { ApiKey } from '../../../shared/contract/keys.ts';
import { noLimits, type Limits } from '../../../shared/contract/limits.ts';
import { limitsText } from '../../../shared/units/limits-text.ts';
import { addLimitOptions, readLimits, type LimitOptions } from '../key-options.ts';
import { renderKey } from '../render/keys.ts';
import { runCommand } from '../run-command.ts';

/** The limits for single models with those of one replaced, or gone where there are none. */
export const withModelLimits = (
  before: ApiKey['modelLimits'],
  model: string,
  limits: Limits,
): ApiKey['modelLimits'] => {
  const others = Object.entries(before).filter(([each]) => each !== model);
  const isNone = limitsText(limits) === limitsText(noLimits);
  return Object.fromEntries(isNone ? others : [...others, [model, limits]]);
};

export const registerLimitKey = (keys: Command): void => {
  addLimitOptions(
    keys
      .command('limit <key>')
      .description('replaces the limits of a key, or those it has for one model; what is not named has none')
      .option('--model <id>', 'only for this model, beside those of the key'),
  )
    .addHelpText(
      'after',
      '\nExamples:\n  $ dyno keys limit 4k2m9x7q1p8s --rpm 60 --tpm 20000\n  $ dyno keys limit 4k2m9x7q1p8s --model demo --concurrency 1',
    )
    .action((id: string, options: LimitOptions & { readonly model?: string }, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const { model } = options;
        const limits = readLimits(options);
        const change =
          model === undefined
            ? { limits }
            : { modelLimits: withModelLimits((await client.keys.get({ id })).modelLimits, model, limits) };
        const key = await client.keys.update({ id, ...change });
        out.result(key, () => renderKey(key));
      }),
    );
};
