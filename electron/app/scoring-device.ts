import { z } from 'zod';
import type { EngineSettings } from '../../shared/contract/models.ts';
import type { ScoringDevice } from '../bench/index.ts';
import type { Hardware } from '../hardware/index.ts';
import type { Inspector } from '../models/index.ts';

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
