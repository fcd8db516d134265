import { InvalidArgumentError, Option, type Command } from 'commander';
import { tiers, type Limits, type Tier } from '../../shared/contract/limits.ts';
import { permissionSchema, roleNames, type Permission, type Role } from '../../shared/contract/roles.ts';
import { positiveInteger } from './number-argument.ts';

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** `90d`, `12h`, `30m` or `2w` as milliseconds. */
export const durationMs = (text: string): number => {
  const match = /^(\d+)([mhdw])$/u.exec(text.trim());
  const unit = match?.[2];
  if (match === null || (unit !== 'm' && unit !== 'h' && unit !== 'd' && unit !== 'w')) {
    throw new InvalidArgumentError('It must be a whole number with m, h, d or w, as in 90d.');
  }
  return Number(match[1]) * unitMs[unit];
};

const permission = (text: string, before: readonly Permission[]): readonly Permission[] => {
  const parsed = permissionSchema.safeParse(text);
  if (!parsed.success)
    throw new InvalidArgumentError(`Choose one of: ${permissionSchema.options.join(', ')}.`);
  return [...before, parsed.data];
};

export const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text];

export interface LimitOptions {
  readonly rpm?: number;
  readonly tpm?: number;
  readonly concurrency?: number;
}

export const addLimitOptions = (command: Command): Command =>
  command
    .option('--rpm <n>', 'requests a minute', positiveInteger)
    .option('--tpm <n>', 'tokens a minute, prompt and answer together', positiveInteger)
    .option('--concurrency <n>', 'requests at once', positiveInteger);

export const readLimits = ({ rpm, tpm, concurrency }: LimitOptions): Limits => ({
  requestsPerMinute: rpm ?? null,
  tokensPerMinute: tpm ?? null,
  concurrency: concurrency ?? null,
});

export interface KeyOptions extends LimitOptions {
  readonly role: Role;
  readonly scope: readonly Permission[];
  readonly tier: Tier;
  readonly tenant: string;
  readonly project: string;
  readonly model: readonly string[];
  readonly expires?: number;
  readonly maxAge?: number;
  readonly maxIdle?: number;
  readonly autoRotate?: boolean;
}

export const addKeyOptions = (command: Command): Command =>
  addLimitOptions(
    command
      .addOption(new Option('--role <role>', 'what it may do').choices(roleNames).default('developer'))
      .option('--scope <permission>', 'only this of its role; may be repeated', permission, [])
      .addOption(new Option('--tier <tier>', 'who goes first').choices(tiers).default('interactive'))
      .option('--tenant <id>', 'whose it is', 'default')
      .option('--project <id>', 'what for', 'default')
      .option('--model <id>', 'only this model; may be repeated', collect, []),
  )
    .option('--expires <duration>', 'ends so long from now: 90d, 12h', durationMs)
    .option('--max-age <duration>', 'must be rotated at this age', durationMs)
    .option('--max-idle <duration>', 'ends when unused for so long', durationMs)
    .option('--auto-rotate', 'at its maximum age Dyno makes the successor, in keys/ of the data folder');
