import type { Command } from 'commander';
import { settingsPatchSchema, type Settings, type SettingsPatch } from '../../../shared/contract/settings.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { renderFacts } from '../render/table.ts';
import { runCommand } from '../run-command.ts';

const text = (settings: Settings): string =>
  renderFacts(Object.entries(settings).map(([key, value]) => [key, JSON.stringify(value)]));

const readValue = (raw: string): unknown => {
  try {
    return JSON.parse(raw);
  } catch {
    return raw; // a word without quotes is a string
  }
};

/** @throws AppError `app.bad-input` for a name that is none, and for a value the setting cannot have */
const readPatch = (name: string, value: string): SettingsPatch => {
  const names = Object.keys(settingsPatchSchema.shape);
  if (!names.includes(name)) {
    throw new AppError('app.bad-input', `There is no setting ${name}`, {
      hint: `Choose one of: ${names.join(', ')}.`,
    });
  }
  const patch = settingsPatchSchema.safeParse({ [name]: readValue(value) });
  if (patch.success) return patch.data;
  const why = patch.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new AppError('app.bad-input', why, { hint: 'dyno settings get shows the values of now.' });
};

export const registerSettings = (program: Command): void => {
  const settings = program
    .command('settings')
    .description('what Dyno remembers of your choices')
    .addHelpText('after', '\nExample:\n  $ dyno settings get');
  settings
    .command('get')
    .description('all settings')
    .addHelpText('after', '\nExample:\n  $ dyno settings get --json')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const current = await client.app.settings();
        out.result(current, () => text(current));
      }),
    );
  settings
    .command('set <name> <value>')
    .description('change one setting; the value is JSON or a plain word')
    .addHelpText(
      'after',
      '\nExamples:\n  $ dyno settings set theme dark\n  $ dyno settings set modelFolders \'["/data/models"]\'',
    )
    .action((name: string, value: string, _options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const next = await client.app.updateSettings(readPatch(name, value));
        out.result(next, () => text(next));
      }),
    );
};
