import { z } from 'zod';
import type { EngineSettings } from '../../shared/contract/models.ts';
import type { ScoringDevice } from '../bench/index.ts';
import type { Hardware } from '../hardware/index.ts';
import type { Inspector, ReadingDevice } from '../models/index.ts';
import type { Ports } from '../platform/ports.ts';

const backendSchema = z.enum(['cpu', 'cuda', 'vulkan', 'metal']).catch('cpu');

/** Windows are read one at a time: the context is small whatever the settings say of serving. */
const contextSize = 512;

/**
 * The backend an engine would take, and the layers that fit on it by llama.cpp's own estimate. On the CPU nothing has to
 * be asked.
 */
export const planScoringDevice =
  (
    hardware: Pick<Hardware, 'inventory'>,
    inspector: Pick<Inspector, 'estimate'>,
    settings: () => EngineSettings,
  ) =>
  async (path: string, signal: AbortSignal): Promise<ScoringDevice> => {
    const wished = settings();
    if (wished.gpuLayers === 0) return { backend: 'cpu', gpuLayers: 0 };
    const { llama } = await hardware.inventory({ refresh: false, signal });
    const backend = backendSchema.parse(llama?.backend ?? 'cpu');
    if (backend === 'cpu') return { backend, gpuLayers: 0 };
    const [estimate] = await inspector.estimate(
      path,
      { ...wished, slots: 1, contextSize, batchSize: contextSize },
      [contextSize],
      signal,
    );
    return { backend, gpuLayers: estimate?.gpuLayers ?? 0 };
  };

/** The same with the threads and the way of loading that the settings ask for. */
export const planReadingDevice =
  (
    { host }: Pick<Ports, 'host'>,
    planDevice: ReturnType<typeof planScoringDevice>,
    settings: () => EngineSettings,
  ) =>
  async (path: string, signal: AbortSignal): Promise<ReadingDevice> => {
    const { threads, useMmap } = settings();
    return {
      ...(await planDevice(path, signal)),
      useMmap,
      threads: {
        limit: threads === 'auto' ? host.availableParallelism() : threads,
        isFixed: threads !== 'auto',
      },
    };
  };
