import { once } from 'node:events';
import type { Command } from 'commander';
import { toAppError } from '../../../shared/errors/app-error.ts';
import { errorRow } from '../../../shared/errors/table.ts';
import { defaultWebPort, startBrowserMode } from '../browser-mode.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { portNumber } from '../number-argument.ts';
import { hasDisplay, openBrowser } from '../open-browser.ts';
import { root } from '../open-host.ts';
import { createOutput, type Output } from '../output.ts';
import { runDesktop } from '../run-desktop.ts';

interface AppOptions {
  readonly browser?: boolean;
  readonly port?: number;
  readonly open: boolean;
}

const waysToTheWindow = [
  'For a desktop window, one of:',
  '  start Dyno in a graphical session,',
  '  run "npx install-electron" once where the network allows it,',
  '  or set ELECTRON_OVERRIDE_DIST_PATH to a folder with Electron.',
].join('\n');

/** Runs browser mode until a signal ends it; a second Ctrl-C ends the process at once. */
const runBrowserMode = async (
  options: AppOptions,
  out: Output,
  reason: string | undefined,
): Promise<void> => {
  using interrupt = listenForInterrupt();
  const stopped = once(interrupt.signal, 'abort');
  await using web = await startBrowserMode({
    port: options.port ?? defaultWebPort,
    isPortFixed: options.port !== undefined,
  });
  if (out.isJson) out.line({ url: web.url, port: web.port, reason: reason ?? null });
  else process.stdout.write(`Dyno runs in the browser: ${web.url}\n`);
  if (reason !== undefined) out.note(`No window, because ${reason}.\n${waysToTheWindow}`);
  out.note('Ctrl-C stops Dyno.');
  if (options.open && hasDisplay()) openBrowser(web.url);
  await stopped;
  out.note('Stopping…');
};

const run = async (options: AppOptions, command: Command): Promise<void> => {
  const { json, quiet } = command.optsWithGlobals<{ json?: boolean; quiet?: boolean }>();
  const out = createOutput({
    isJson: json === true,
    isQuiet: quiet === true,
    stdout: process.stdout,
    stderr: process.stderr,
  });
  try {
    const wantsBrowser = options.browser === true || options.port !== undefined;
    const reason = wantsBrowser ? undefined : await runDesktop(root, (text) => out.note(text));
    if (wantsBrowser || reason !== undefined) await runBrowserMode(options, out, reason);
  } catch (error) {
    const failure = toAppError(error);
    out.fail(failure);
    process.exitCode = errorRow(failure.code).exit;
  }
};

export const registerApp = (program: Command): void => {
  program
    .command('app')
    .description('the screens: in a desktop window where one can be opened, else in a browser')
    .option('--browser', 'browser mode even where a window could be opened')
    .option('-p, --port <n>', 'port of browser mode on 127.0.0.1; 0 for any free one', portNumber)
    .option('--no-open', 'only print the address')
    .addHelpText('after', '\nExample:\n  $ dyno app --browser --port 7843 --no-open')
    .action((options: AppOptions, command: Command) => run(options, command));
};
