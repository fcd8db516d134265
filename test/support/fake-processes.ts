import type {
  CommandResult,
  Processes,
  SpawnWorkerOptions,
  WorkerExit,
  WorkerHandle,
  WorkerKind,
} from '../../electron/platform/ports.ts';
import { AppError } from '../../shared/errors/app-error.ts';

/** A child without a process: the test plays its part. */
export interface FakeWorker extends WorkerHandle {
  readonly kind: WorkerKind;
  readonly options: SpawnWorkerOptions;
  /** Messages the host sent, oldest first. */
  readonly sent: readonly unknown[];
  /** Calls `act` for every message the host sends, those sent before included. */
  onSent(act: (message: unknown) => void): void;
  /** A message from the child to the host. */
  emit(message: unknown): void;
  /** A line on the child's stderr. */
  print(line: string): void;
  /** The child ends by itself; `{ code: 0, signal: null }` unless given. */
  exit(exit?: Partial<WorkerExit>): void;
  readonly hasExited: boolean;
}

type RunAnswer = (
  args: readonly string[],
  signal?: AbortSignal,
) => Promise<CommandResult | undefined> | CommandResult | undefined;
type LinesAnswer = (args: readonly string[], signal: AbortSignal) => AsyncIterable<string> | Iterable<string>;

interface FakeProcessesOptions {
  /** Plays the child of every spawned worker of that kind. */
  readonly workers?: Partial<Record<WorkerKind, (worker: FakeWorker) => void>>;
  /** Answers by program name; a program without an answer is not installed. */
  readonly run?: Readonly<Record<string, RunAnswer>>;
  readonly lines?: Readonly<Record<string, LinesAnswer>>;
}

export interface FakeProcesses extends Processes {
  /** Every worker spawned so far, oldest first. */
  readonly workers: readonly FakeWorker[];
  /** Command lines given to `run` and `lines`, oldest first. */
  readonly commands: readonly string[];
}

const createFakeWorker = (kind: WorkerKind, options: SpawnWorkerOptions, pid: number): FakeWorker => {
  const sent: unknown[] = [];
  const tail: string[] = [];
  const sentActs: ((message: unknown) => void)[] = [];
  const messageActs = new Set<(message: unknown) => void>();
  const exited = Promise.withResolvers<WorkerExit>();
  let hasExited = false;

  const exit = (end: Partial<WorkerExit> = {}): void => {
    hasExited = true;
    exited.resolve({ code: end.signal === undefined ? 0 : null, signal: null, ...end });
  };
  return {
    kind,
    options,
    pid,
    sent,
    exited: exited.promise,
    send: (message) => {
      if (hasExited) return;
      const copy: unknown = structuredClone(message);
      sent.push(copy);
      for (const act of sentActs) act(copy);
    },
    onMessage: (act) => {
      messageActs.add(act);
      return { [Symbol.dispose]: () => void messageActs.delete(act) };
    },
    outputTail: () => tail.slice(-40),
    stop: () => {
      if (!hasExited) exit({ signal: 'SIGTERM' });
      return exited.promise;
    },
    onSent: (act) => {
      sentActs.push(act);
      for (const message of sent) act(message);
    },
    emit: (message) => {
      if (hasExited) return;
      const copy: unknown = structuredClone(message);
      for (const act of [...messageActs]) act(copy);
    },
    print: (line) => void tail.push(line),
    exit,
    get hasExited() {
      return hasExited;
    },
  };
};

/** Processes that the test plays: workers by kind, programs by name. */
export const createFakeProcesses = (options: FakeProcessesOptions = {}): FakeProcesses => {
  const workers: FakeWorker[] = [];
  const commands: string[] = [];
  return {
    workers,
    commands,
    spawnWorker: (kind, spawnOptions = {}) => {
      const worker = createFakeWorker(kind, spawnOptions, 1_000 + workers.length);
      workers.push(worker);
      options.workers?.[kind]?.(worker);
      return worker;
    },
    run: async (command, args, runOptions) => {
      commands.push([command, ...args].join(' '));
      if (runOptions?.signal?.aborted === true) throw new AppError('app.cancelled');
      return await options.run?.[command]?.(args, runOptions?.signal);
    },
    async *lines(command, args, signal) {
      commands.push([command, ...args].join(' '));
      const answer = options.lines?.[command];
      if (answer === undefined) return;
      for await (const line of answer(args, signal)) {
        if (signal.aborted) return;
        yield line;
      }
    },
  };
};
