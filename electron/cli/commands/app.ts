import { InvalidArgumentError, type Command } from 'commander';
import { toAppError } from '../../../shared/errors/app-error.ts';
import { errorRow } from '../../../shared/errors/table.ts';
import { defaultWebPort, startBrowserMode } from '../browser-mode.ts';
import { hasDisplay, openBrowser } from '../open-browser.ts';
import { createOutput } from '../output.ts';

interface AppOptions {
  readonly browser?: boolean;
  readonly port?: number;
  readonly open: boolean;
}

const portNumber = (text: string): number => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('0 to 65535.');
  return port;
};

const stopSignal = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
  });

/** Runs browser mode until a signal ends it; a second Ctrl-C ends the process at once. */
const runBrowserMode = async (options: AppOptions, command: Command): Promise<void> => {
  const { json } = command.optsWithGlobals<{ json?: boolean }>();
  const out = createOutput({
    isJson: json === true,
    isQuiet: false,
    stdout: process.stdout,
    stderr: process.stderr,
  });
  try {
    const stopped = stopSignal();
    await using web = await startBrowserMode({
      port: options.port ?? defaultWebPort,
      isPortFixed: options.port !== undefined,
    });
    if (out.isJson) out.line({ url: web.url, port: web.port });
    else process.stdout.write(`Dyno runs in the browser: ${web.url}\nCtrl-C stops it.\n`);
    if (options.open && hasDisplay()) openBrowser(web.url);
    await stopped;
    process.once('SIGINT', () => process.exit(130));
    out.note('Stopping…');
  } catch (error) {
    const failure = toAppError(error);
    out.fail(failure);
    process.exitCode = errorRow(failure.code).exit;
  }
};

export const registerApp = (program: Command): void => {
  program
    .command('app')
    .description('the screens in a browser, for workstations without a display or without Electron')
    .option('-p, --port <n>', 'port on 127.0.0.1; 0 for any free one', portNumber)
    .option('--no-open', 'only print the address')
    .addHelpText('after', '\nExample:\n  $ dyno app --port 7843 --no-open')
    .action((options: AppOptions, command: Command) => runBrowserMode(options, command));
};
