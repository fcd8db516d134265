import { getLlamaGpuTypes, getModuleVersion } from 'node-llama-cpp';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { DeviceProbe } from '../../models/inspector.ts';
import { createLogTail } from '../host/llama/log-tail.ts';
import { openLlama } from '../host/llama/open-llama.ts';

/**
 * What llama.cpp sees of this machine: the backend it would use, its devices, and their memory.
 * @throws AppError `hardware.probe-failed`
 */
export const probe = async (): Promise<DeviceProbe> => {
  try {
    const llama = await openLlama({ gpuLayers: 'auto' }, createLogTail());
    const hasGpu = llama.gpu !== false;
    const vram = hasGpu ? await llama.getVramState() : null;
    return {
      nodeLlamaCppVersion: await getModuleVersion(),
      llamaCppRelease: llama.llamaCppRelease.release,
      backend: llama.gpu === false ? 'cpu' : llama.gpu,
      supportedBackends: (await getLlamaGpuTypes('supported')).map((type) => (type === false ? 'cpu' : type)),
      deviceNames: hasGpu ? await llama.getGpuDeviceNames() : [],
      vram: vram && { totalBytes: vram.total, usedBytes: vram.used, freeBytes: vram.free },
      cpuMathCores: llama.cpuMathCores,
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('hardware.probe-failed', `llama.cpp could not be opened: ${reason}`, {
      hint: 'Run npm ci again so that the prebuilt llama.cpp of this platform is installed.',
      cause,
    });
  }
};
