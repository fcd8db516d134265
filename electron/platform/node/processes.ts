import { fork, spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type {
  CommandResult,
  Processes,
  SpawnWorkerOptions,
  WorkerExit,
  WorkerHandle,
  WorkerKind,
} from '../ports.ts';
import { errnoOf } from './file-errors.ts';

const tailLines = 40;

/** Keeps the last lines of a child's output. */
const createTail = () => {
  const lines: string[] = [];
  return {
    watch: (stream: NodeJS.ReadableStream | null) => {
      if (stream === null) return;
      createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
        if (lines.push(line) > tailLines) lines.shift();
      });
    },
    read: (): readonly string[] => [...lines],
  };
};

const exitOf = (child: ChildProcess): Promise<WorkerExit> =>
  new Promise((resolve) => {
    // 'close' comes after the pipes are drained; a child that could not start has 'error' alone
    child.once('close', (code, signal) => resolve({ code, signal }));
    child.once('error', () => {
      if (child.pid === undefined) resolve({ code: null, signal: null });
    });
  });

const stopChild = async (
  child: ChildProcess,
  exited: Promise<WorkerExit>,
  graceMs: number,
): Promise<WorkerExit> => {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  const exit = await exited;
  clearTimeout(timer);
  return exit;
};

const asWorker = (child: ChildProcess): WorkerHandle => {
  const exited = exitOf(child);
  const tail = createTail();
  tail.watch(child.stdout);
  tail.watch(child.stderr);
  return {
    pid: child.pid,
    send: (message) => {
      // a message to a child that just died is answered by `exited`, so its own error is not news
      if (child.connected && typeof message === 'object' && message !== null)
        child.send(message, () => undefined);
    },
    onMessage: (act) => {
      child.on('message', act);
      return { [Symbol.dispose]: () => child.off('message', act) };
    },
    exited,
    outputTail: tail.read,
    stop: (graceMs = 2000) => stopChild(child, exited, graceMs),
  };
};

/** Starts a child of ours with `child_process.fork` and JSON messages (cheaper than structured clone). */
const forkWorker = (entry: string, kind: WorkerKind, options: SpawnWorkerOptions = {}): WorkerHandle =>
  asWorker(
    fork(entry, [...(options.args ?? [])], {
      // ELECTRON_RUN_AS_NODE is set for the case that Electron's own binary runs this process
      env: { ...process.env, ...options.env, DYNO_WORKER: options.label ?? kind, ELECTRON_RUN_AS_NODE: '1' },
      execArgv: ['--disable-warning=ExperimentalWarning', ...(options.execArgv ?? [])],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    }),
  );

const runCommand: Processes['run'] = (command, args, options = {}) =>
  new Promise<CommandResult | undefined>((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...(options.timeoutMs !== undefined && { timeout: options.timeoutMs, killSignal: 'SIGKILL' }),
      ...(options.signal && { signal: options.signal }),
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    child.once('error', (error) => (errnoOf(error) === 'ENOENT' ? resolve(undefined) : reject(error)));
    child.once('close', (exitCode) => resolve({ exitCode, ...output }));
  });

async function* linesOf(
  command: string,
  args: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true, signal });
  const exited = exitOf(child);
  child.on('error', () => undefined); // told by the end of the lines: not installed, or aborted
  try {
    yield* createInterface({ input: child.stdout, crlfDelay: Infinity });
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
}

/**
 * @param entryOf path of the entry file of a child: the TypeScript source in development and tests, the bundle in a build.
 */
export const createNodeProcesses = (entryOf: (kind: WorkerKind) => string): Processes => ({
  spawnWorker: (kind, options) => forkWorker(entryOf(kind), kind, options),
  run: runCommand,
  lines: linesOf,
});
