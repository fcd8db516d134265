import childProcess from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import type { Llama, LlamaOptions } from 'node-llama-cpp';
import type { EngineSettings } from '../../../../shared/contract/models.ts';
import type { LogTail } from './log-tail.ts';

/** Where a GPU driver would show itself on Linux: NVIDIA, the kernel's DRM (AMD, Intel), AMD compute, WSL. */
const linuxGpuDevices = ['/dev/nvidiactl', '/dev/dri', '/dev/kfd', '/dev/dxg'] as const;

/** Asking for a GPU that cannot be there costs 0.9 s of probes at every load. */
const mayHaveGpu = (): boolean =>
  process.platform !== 'linux' || linuxGpuDevices.some((path) => existsSync(path));

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
 * A GPU backend keeps the test in plain Node: there a failed test makes the library fall back to the CPU.
 */
const skipBinaryTest = (): Disposable & { readonly intercepted: () => number } => {
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

/** Opens llama.cpp for `settings`. Never builds, never downloads, never limits threads: those are always explicit. */
export const openLlama = async (
  { gpuLayers }: Pick<EngineSettings, 'gpuLayers'>,
  logTail: LogTail,
): Promise<Llama> => {
  const wantsGpu = gpuLayers !== 0 && mayHaveGpu();
  const isElectron = 'electron' in process.versions;
  using _test = wantsGpu && !isElectron ? undefined : skipBinaryTest();
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  const options: LlamaOptions = {
    gpu: wantsGpu ? 'auto' : false,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    maxThreads: 0,
    logLevel: LlamaLogLevel.info,
    logger: (level, message) => {
      logTail.add(message);
      // a native abort takes this process's memory along: the host reads the last words from stderr
      if (level === LlamaLogLevel.error || level === LlamaLogLevel.fatal)
        process.stderr.write(`${message}\n`);
    },
  };
  return await getLlama(options);
};
