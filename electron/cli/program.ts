import { Command, Help, type CommanderError, type HelpConfiguration } from 'commander';
import { AppError } from '../../shared/errors/app-error.ts';
import { errorRow } from '../../shared/errors/table.ts';
import { version } from '../app/version.ts';
import { registerApp } from './commands/app.ts';
import { registerBench } from './commands/bench.ts';
import { registerCalibrate } from './commands/calibrate.ts';
import { registerCompat } from './commands/compat.ts';
import { registerCompare } from './commands/compare.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerEngines } from './commands/engines.ts';
import { registerHardware } from './commands/hardware.ts';
import { registerJobs } from './commands/jobs.ts';
import { registerKeys } from './commands/keys.ts';
import { registerLoad } from './commands/load.ts';
import { registerModels } from './commands/models.ts';
import { registerQuality } from './commands/quality.ts';
import { registerReport } from './commands/report.ts';
import { registerRequests } from './commands/requests.ts';
import { registerRuns } from './commands/runs.ts';
import { registerServe } from './commands/serve.ts';
import { registerServer } from './commands/server.ts';
import { registerShootout } from './commands/shootout.ts';
import { registerSettings } from './commands/settings.ts';
import { registerSweep } from './commands/sweep.ts';
import { registerSweeps } from './commands/sweeps.ts';
import { registerSynth } from './commands/synth.ts';
import { registerTenants } from './commands/tenants.ts';
import { registerAlerts } from './commands/alerts.ts';
import { registerPrices } from './commands/prices.ts';
import { registerUsage } from './commands/usage.ts';

const registrations = [
  registerApp,
  registerBench,
  registerShootout,
  registerRuns,
  registerCompare,
  registerCalibrate,
  registerReport,
  registerSweep,
  registerSweeps,
  registerQuality,
  registerLoad,
  registerModels,
  registerSynth,
  registerServe,
  registerServer,
  registerCompat,
  registerKeys,
  registerTenants,
  registerUsage,
  registerPrices,
  registerAlerts,
  registerRequests,
  registerEngines,
  registerHardware,
  registerDoctor,
  registerJobs,
  registerSettings,
];

/**
 * A wrong flag or argument is bad input like any other: exit code 64, and with --json an error on stdout; --help and
 * --version end with 0. Commander has told people already.
 */
const exitAsTable = (error: CommanderError): never => {
  if (error.exitCode === 0) process.exit(0);
  const isIncomplete = error.code === 'commander.help'; // `dyno models`: its help was shown
  const message = isIncomplete ? 'The command is incomplete.' : error.message.replace(/^error: /, '');
  const failure = new AppError('app.bad-input', message, { hint: 'Add --help for usage.' });
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ error: failure.toPayload() }, null, 2)}\n`);
  }
  process.exit(errorRow(failure.code).exit);
};

const help: HelpConfiguration = {
  showGlobalOptions: true,
  // a repeatable flag starts with an empty list, which tells nobody anything
  optionDescription: (option) => new Help().optionDescription(option).replace(' (default: [])', ''),
};

/** The `dyno` command: one file per subcommand, each with an example in its help. */
export const createProgram = (): Command => {
  const program = new Command('dyno')
    .description('Measures quantized language models on this machine, compares them, and serves the winner.')
    .version(version, '-V, --version')
    .option('--json', 'print the result as JSON on stdout')
    .option('-q, --quiet', 'no progress and no remarks on stderr')
    .configureHelp(help)
    .showHelpAfterError('(add --help for usage)')
    .addHelpText(
      'after',
      '\nExamples:\n  $ dyno doctor\n  $ dyno models list\n  $ dyno bench dyno-demo-4m-f16 --preset quick\n  $ dyno serve --json',
    )
    .exitOverride(exitAsTable);
  for (const register of registrations) register(program);
  const inherit = (command: Command): void => {
    for (const child of command.commands) {
      child.exitOverride(exitAsTable).configureHelp(help);
      inherit(child);
    }
  };
  inherit(program);
  return program;
};
