import { existsSync } from 'node:fs';
import type { Llama, LlamaOptions } from 'node-llama-cpp';
import type { EngineSettings } from '../../../../shared/contract/models.ts';
import { skipBinaryTest } from './binary-test.ts';
import type { LogTail } from './log-tail.ts';

/** Where a GPU driver would show itself on Linux: NVIDIA, the kernel's DRM (AMD, Intel), AMD compute, WSL. */
const linuxGpuDevices = ['/dev/nvidiactl', '/dev/dri', '/dev/kfd', '/dev/dxg'] as const;

/** Asking for a GPU that cannot be there costs 0.9 s of probes at every load. */
const mayHaveGpu = (): boolean =>
  process.platform !== 'linux' || linuxGpuDevices.some((path) => existsSync(path));

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
