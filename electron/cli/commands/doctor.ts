import type { Command } from 'commander';
import type { DoctorCheck } from '../../../shared/contract/hardware.ts';
import { runCommand } from '../run-command.ts';

const marks: Readonly<Record<DoctorCheck['level'], string>> = {
  ok: 'ok     ',
  note: 'note   ',
  warning: 'WARNING',
  problem: 'PROBLEM',
};

const lineOf = (check: DoctorCheck): string =>
  `${marks[check.level]}  ${check.title}: ${check.found}${check.fix === null ? '' : `\n         → ${check.fix}`}`;

export const registerDoctor = (program: Command): void => {
  program
    .command('doctor')
    .description('what Dyno found on this machine, what is missing, and how to fix it')
    .addHelpText('after', '\nExample:\n  $ dyno doctor')
    .action((_options, command: Command) =>
      runCommand(command, async ({ client, out, signal }) => {
        const checks = await client.hardware.doctor({}, { signal });
        out.result(checks, () => checks.map(lineOf).join('\n'));
      }),
    );
};
