import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as Electron from 'electron';
import { _electron, chromium, type Browser, type Page } from 'playwright-core';
import { askForDesktop } from '../../electron/cli/desktop-launch.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { browserPath } from './browser.ts';
import type { ControlAnswer, ControlRequest } from './electron-stub/control.ts';
import { eventually } from './eventually.ts';

/** The desktop app in a process of its own: on a real Electron, or on the stand-in. Ends with its scope. */
export interface Desktop extends AsyncDisposable {
  readonly pid: number;
  /** The page of the open window; waits for one. */
  page(): Promise<Page>;
  /** Runs a function in the main process, without its surroundings, as Playwright's `electronApp.evaluate`. */
  evaluate<Answer, Argument>(
    act: (electron: typeof Electron, argument: Argument) => Answer | Promise<Answer>,
    argument: Argument,
  ): Promise<Answer>;
  /** Settles with the exit code. */
  readonly exited: Promise<number | null>;
}

interface Options {
  /** An empty or used folder: data, caches and the system's home in one. */
  readonly home: string;
  /** Folder that dropped files lie in. */
  readonly drops: string;
  /** Entry file of a packaged app and its resources folder, instead of the build. */
  readonly packaged?: { readonly main: string; readonly resources: string };
}

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The compiled main bundle, and what lets plain Node run it on the stand-in. */
export const mainFile = join(root, 'out/main/main.js');
export const registerFile = join(root, 'test/support/electron-stub/register.ts');

/** Nothing of the machine: own data, own home, own caches. */
const environment = ({ home }: Options): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: home,
  XDG_CACHE_HOME: join(home, 'cache'),
  DYNO_HOME: join(home, 'data'),
  ...(process.env.DISPLAY !== undefined && { DISPLAY: process.env.DISPLAY }),
});

const isPageOfOurs = (page: Page): boolean => /^(app:|https:\/\/dyno\.app\.|data:)/.test(page.url());

const controlOf = (child: ChildProcess): Desktop['evaluate'] => {
  const waiting = new Map<number, (answer: ControlAnswer) => void>();
  let nextId = 1;
  child.on('message', (message) => {
    const answer = message as ControlAnswer; // control.ts sends nothing else
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  return async (act, argument) => {
    const request: ControlRequest = { id: nextId++, source: act.toString(), argument };
    const answer = await new Promise<ControlAnswer>((resolve) => {
      waiting.set(request.id, resolve);
      child.send(request);
    });
    if ('problem' in answer) throw new AppError('app.internal', answer.problem);
    return answer.value as Awaited<ReturnType<typeof act>>; // crossed the pipe as JSON, as with Playwright
  };
};

/** The stand-in: the same bundles in plain Node, its windows in the machine's Chromium. */
export const startStandIn = async (options: Options): Promise<Desktop> => {
  const endpointFile = join(options.home, `endpoint-${process.hrtime.bigint()}`);
  const { packaged } = options;
  const child = spawn(process.execPath, ['--import', registerFile, packaged?.main ?? mainFile], {
    cwd: options.home,
    env: {
      ...environment(options),
      DYNO_TEST_BROWSER: browserPath(),
      STUB_ENDPOINT_FILE: endpointFile,
      STUB_DROP_FOLDER: options.drops,
      NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
      ...(packaged !== undefined && { STUB_RESOURCES: packaged.resources }),
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  const hasExited = (): boolean => child.exitCode !== null || child.signalCode !== null;
  await eventually(() => existsSync(endpointFile) || hasExited());
  if (hasExited()) throw new AppError('app.internal', 'The desktop app ended before its window was there.');
  const browser: Browser = await chromium.connectOverCDP(readFileSync(endpointFile, 'utf8'));
  const pages = (): Page[] => browser.contexts().flatMap((context) => context.pages());
  return {
    pid: child.pid ?? 0,
    page: async () => {
      await eventually(() => pages().some(isPageOfOurs));
      const [page] = pages().filter(isPageOfOurs);
      if (page === undefined) throw new AppError('app.internal', 'The window is gone.');
      return page;
    },
    evaluate: controlOf(child),
    exited,
    [Symbol.asyncDispose]: async () => {
      if (!hasExited()) child.kill('SIGTERM');
      await exited;
      await browser.close();
    },
  };
};

/** A real Electron executable, or why there is none to test with. */
export const findElectron = (): { readonly executable: string } | { readonly reason: string } => {
  const answer = askForDesktop({ root, env: process.env, platform: process.platform });
  switch (answer.type) {
    case 'ready':
      return { executable: answer.executable };
    case 'missing':
      return { reason: 'the Electron executable was never fetched' };
    case 'impossible':
      return { reason: answer.reason };
    default:
      return answer satisfies never;
  }
};

/** The same app on a real Electron. */
export const startElectron = async (executable: string, options: Options): Promise<Desktop> => {
  const isRoot = process.getuid?.() === 0;
  const app = await _electron.launch({
    executablePath: executable,
    args: [...(isRoot ? ['--no-sandbox'] : []), root],
    cwd: options.home,
    env: environment(options),
  });
  const child = app.process();
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  return {
    pid: child.pid ?? 0,
    page: async () => app.windows().find(isPageOfOurs) ?? app.firstWindow(),
    evaluate: (act, argument) => app.evaluate(act as never, argument),
    exited,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null) child.kill('SIGTERM');
      await exited;
    },
  };
};
