import { spawn } from 'node:child_process';
import { join } from 'node:path';

const entry = join(import.meta.dirname, '../../bin/dyno.js');

export interface DynoExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `dyno` command from the TypeScript source, in a process group of its own. Killed with its scope. */
export interface DynoProcess extends AsyncDisposable {
  readonly pid: number;
  readonly ended: Promise<DynoExit>;
  /** The first line on stdout; rejects with stderr when the process ends before. */
  firstLine(): Promise<string>;
  stderr(): string;
  /** Resolves once stderr has the text; rejects when the process ends before. */
  saysOnStderr(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** As a terminal does: to the command and all its children. */
  killGroup(signal: NodeJS.Signals): void;
}

/** Starts `dyno` with a data folder and a home of its own. */
export const startDyno = (home: string, args: readonly string[], cwd = home): DynoProcess => {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd,
    detached: true,
    env: {
      ...process.env,
      DYNO_SOURCE: '1',
      DYNO_HOME: home,
      HOME: home,
      XDG_CACHE_HOME: join(home, 'cache'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid = 0 } = child;
  let stdout = '';
  let stderr = '';
  let hasEnded = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<DynoExit>((resolve) => {
    child.once('close', (code, signal) => {
      hasEnded = true;
      resolve({ code, signal, stdout, stderr });
    });
  });
  /** Resolves with what `read` finds once it finds something; looks again at each piece of output. */
  const find = <Found>(read: () => Found | undefined): Promise<Found> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = read();
        if (found !== undefined) resolve(found);
        else if (hasEnded) reject(new TypeError(`dyno ${args.join(' ')} ended before. stderr: ${stderr}`));
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      child.once('close', look);
      look();
    });
  return {
    pid,
    ended,
    firstLine: () => find(() => (stdout.includes('\n') ? stdout.split('\n')[0] : undefined)),
    stderr: () => stderr,
    saysOnStderr: async (text) => {
      await find(() => (stderr.includes(text) ? text : undefined));
    },
    kill: (signal) => void child.kill(signal),
    killGroup: (signal) => {
      process.kill(-pid, signal);
    },
    [Symbol.asyncDispose]: async () => {
      if (!hasEnded) process.kill(-pid, 'SIGKILL');
      await ended;
    },
  };
};

/** True while any process of the command's group lives: a child it left behind, too. */
export const hasProcesses = ({ pid }: Pick<DynoProcess, 'pid'>): boolean => {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false; // ESRCH: nobody is there
  }
};

/** Runs `dyno` to its end. */
export const dyno = (home: string, args: readonly string[], cwd?: string): Promise<DynoExit> =>
  startDyno(home, args, cwd).ended;
