import childProcess from 'node:child_process';
import { EventEmitter } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';

/** A child that answers the library's binary test as a working binary does, without being a process. */
class BinaryTestStandIn extends EventEmitter {
  readonly stdout = null;
  readonly stderr = null;
  readonly killed = false;
  exitCode: number | null = null;

  #answer(message: object): void {
    queueMicrotask(() => this.emit('message', message));
  }

  constructor() {
    super();
    setImmediate(() => this.emit('message', { type: 'ready' }));
  }

  send(message: { readonly type: string }): boolean {
    if (message.type === 'start') this.#answer({ type: 'loaded' });
    else if (message.type === 'test') this.#answer({ type: 'done' });
    else {
      this.exitCode = 0;
      queueMicrotask(() => this.emit('exit', 0));
    }
    return true;
  }

  kill(): boolean {
    this.exitCode ??= 0;
    return true;
  }
}

/**
 * Lets the library believe its binary test. It forks a process to see whether the binary crashes; this process is
 * one that may crash, so the fork (0.5 s) buys nothing, and with Electron's runAsNode fuse off it cannot work at all.
 * `intercepted` counts the tests answered; a test watches it, since the name of the library's file is all that tells
 * them apart. A GPU backend keeps the test in plain Node: there a failed test makes the library fall back to the CPU.
 */
export const skipBinaryTest = (): Disposable & { readonly intercepted: () => number } => {
  const realFork = childProcess.fork;
  let count = 0;
  const standIn = (path: string | URL, ...rest: unknown[]): unknown => {
    if (!String(path).endsWith('testBindingBinary.js'))
      return Reflect.apply(realFork, childProcess, [path, ...rest]);
    count += 1;
    return new BinaryTestStandIn();
  };
  Reflect.set(childProcess, 'fork', standIn);
  syncBuiltinESMExports();
  return {
    intercepted: () => count,
    [Symbol.dispose]: () => {
      childProcess.fork = realFork;
      syncBuiltinESMExports();
    },
  };
};
