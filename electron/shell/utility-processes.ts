import { createInterface } from 'node:readline';
import { utilityProcess, type UtilityProcess } from 'electron';
import type {
  Processes,
  SpawnWorkerOptions,
  WorkerExit,
  WorkerHandle,
  WorkerKind,
} from '../platform/ports.ts';

const tailLines = 40;

const exitOf = (child: UtilityProcess): Promise<WorkerExit> =>
  new Promise((resolve) => {
    // Electron reports a crash as a code alone: on POSIX the signal's number, on Windows the NTSTATUS
    child.once('exit', (code) => resolve({ code, signal: null }));
  });

const asWorker = (child: UtilityProcess): WorkerHandle => {
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      if (tail.push(line) > tailLines) tail.shift();
    });
  }
  const exited = exitOf(child);
  let hasExited = false;
  void exited.then(() => (hasExited = true));
  return {
    get pid() {
      return child.pid;
    },
    send: (message) => {
      if (!hasExited) child.postMessage(message);
    },
    onMessage: (act) => {
      child.on('message', act);
      return { [Symbol.dispose]: () => child.off('message', act) };
    },
    exited,
    outputTail: () => [...tail],
    stop: (graceMs = 2000) => stopUtility(child, exited, graceMs),
  };
};

const stopUtility = async (
  child: UtilityProcess,
  exited: Promise<WorkerExit>,
  graceMs: number,
): Promise<WorkerExit> => {
  const { pid } = child;
  child.kill(); // SIGTERM
  const force = setTimeout(() => {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  }, graceMs);
  const exit = await exited;
  clearTimeout(force);
  return exit;
};

const fork = (entry: string, kind: WorkerKind, options: SpawnWorkerOptions = {}): WorkerHandle =>
  asWorker(
    utilityProcess.fork(entry, [...(options.args ?? [])], {
      env: { ...definedEnv(), ...options.env },
      execArgv: [...(options.execArgv ?? [])],
      stdio: 'pipe',
      serviceName: `Dyno ${options.label ?? kind}`,
    }),
  );

const definedEnv = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );

/** Electron's own children instead of `fork`, which the runAsNode fuse forbids in the packaged app. */
export const withUtilityProcesses = (node: Processes, entryOf: (kind: WorkerKind) => string): Processes => ({
  ...node,
  spawnWorker: (kind, options) => fork(entryOf(kind), kind, options),
});
