import { utilityProcess, type UtilityProcess } from 'electron';
import type {
  Processes,
  SpawnWorkerOptions,
  WorkerExit,
  WorkerHandle,
  WorkerKind,
} from '../platform/ports.ts';
import { keepTail, type OutputTail } from './output-tail.ts';
import { utilityExit } from './utility-exit.ts';

const exitOf = (child: UtilityProcess, tail: OutputTail): Promise<WorkerExit> =>
  new Promise((resolve) => {
    child.once('exit', (code) => {
      void tail.drained().then(() => resolve(utilityExit(code, process.platform)));
    });
  });

const forceKill = (pid: number | undefined): void => {
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended in this very moment: what was wanted
  }
};

/** Before `spawn` there is no process id and `kill` does nothing: a child stopped that early is killed at its birth. */
const stopUtility = async (
  child: UtilityProcess,
  exited: Promise<WorkerExit>,
  graceMs: number,
): Promise<WorkerExit> => {
  const { pid } = child;
  if (!child.kill()) child.once('spawn', () => child.kill());
  const force = setTimeout(() => forceKill(pid ?? child.pid), graceMs);
  const exit = await exited;
  clearTimeout(force);
  return exit;
};

const asWorker = (child: UtilityProcess): WorkerHandle => {
  const tail = keepTail([child.stdout, child.stderr]);
  let hasExited = false;
  child.once('exit', () => (hasExited = true));
  const exited = exitOf(child, tail);
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
    outputTail: () => tail.read(),
    stop: (graceMs = 2000) => (hasExited ? exited : stopUtility(child, exited, graceMs)),
  };
};

const definedEnv = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );

const fork = (entry: string, kind: WorkerKind, options: SpawnWorkerOptions = {}): WorkerHandle =>
  asWorker(
    utilityProcess.fork(entry, [...(options.args ?? [])], {
      env: { ...definedEnv(), ...options.env, DYNO_WORKER: options.label ?? kind },
      execArgv: ['--disable-warning=ExperimentalWarning', ...(options.execArgv ?? [])],
      stdio: 'pipe',
      serviceName: `Dyno ${options.label ?? kind}`,
    }),
  );

/** Electron's own children instead of `fork`, which the runAsNode fuse forbids in the packaged app. */
export const withUtilityProcesses = (node: Processes, entryOf: (kind: WorkerKind) => string): Processes => ({
  ...node,
  spawnWorker: (kind, options) => fork(entryOf(kind), kind, options),
});
