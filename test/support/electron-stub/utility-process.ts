import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { ForkOptions } from 'electron';

/** Electron's one number for an end: the code, or the signal's; a child it killed itself ended with 0. */
const exitNumber = (code: number | null, signal: NodeJS.Signals | null, isKilled: boolean): number => {
  if (signal === null) return code ?? 1;
  return isKilled && (signal === 'SIGTERM' || signal === 'SIGKILL') ? 0 : constants.signals[signal];
};

/**
 * A utility process as a Node child with `process.parentPort`, and `child_process.fork` forbidden in it. As in
 * Electron it has no process id before `spawn`, and its streams lose their listeners right after `exit`.
 */
class UtilityProcess extends EventEmitter {
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly #child: ChildProcess;
  #isSpawned = false;
  #isKilled = false;

  constructor(entry: string, args: readonly string[], options: ForkOptions) {
    super();
    this.#child = fork(entry, [...args], {
      env: { ...options.env },
      execArgv: ['--import', join(import.meta.dirname, 'utility-shim.ts'), ...(options.execArgv ?? [])],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child.stdout?.pipe(this.stdout);
    this.#child.stderr?.pipe(this.stderr);
    this.#child.on('spawn', () => {
      this.#isSpawned = true;
      this.emit('spawn');
    });
    this.#child.on('message', (message) => this.emit('message', message));
    this.#child.on('exit', (code, signal) => {
      this.#isSpawned = false;
      this.emit('exit', exitNumber(code, signal, this.#isKilled));
      this.stdout.removeAllListeners();
      this.stderr.removeAllListeners();
    });
  }

  get pid(): number | undefined {
    return this.#isSpawned ? this.#child.pid : undefined;
  }
  postMessage(message: unknown): void {
    // a message to a child that just died is lost, as in Electron
    if (this.#child.connected) this.#child.send(message as object, () => undefined);
  }
  kill(): boolean {
    if (!this.#isSpawned) return false;
    this.#isKilled = true;
    return this.#child.kill();
  }
}

export const forkUtility = (
  entry: string,
  args: readonly string[] = [],
  options: ForkOptions = {},
): UtilityProcess => new UtilityProcess(entry, args, options);
