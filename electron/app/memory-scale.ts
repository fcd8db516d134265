import type { Inventory } from '../../shared/contract/hardware.ts';
import type { EngineSettings, MemoryFit, ModelDetails } from '../../shared/contract/models.ts';
import type { LoadScale, LoadSpec, MemoryNeed } from '../engine/index.ts';
import type { Hardware } from '../hardware/index.ts';
import { estimateMemoryFit, leastMemoryOf, type Inspector, type MemoryLedger } from '../models/index.ts';
import type { Ports } from '../platform/ports.ts';

const hasGpu = ({ gpus }: Inventory): boolean => gpus.length > 0;

interface Options extends Pick<Ports, 'host'> {
  readonly hardware: Pick<Hardware, 'inventory'>;
  readonly inspector: Pick<Inspector, 'estimate'>;
  readonly memory: MemoryLedger;
  readonly inspect: (idOrPath: string) => Promise<ModelDetails>;
}

/** A load that takes no more than this share of what is free leaves room for its buffers and its process. */
const roomyShare = 0.5;
/** Cards that run a model have more than that. */
const leastCardBytes = 2 ** 30;

/** Adapters lie in memory whole, in the RAM unless their weights' layers are on a card. */
const adapterBytes = (adapters: LoadSpec['adapters'] = []): number =>
  adapters.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

/** What models take, against the memory that is free now and not promised. */
export interface MemoryScale extends LoadScale {
  /** @throws AppError what is wrong with the file (`models.*`), `engine.crashed`, `app.cancelled` */
  fit(
    details: ModelDetails,
    settings: EngineSettings,
    promised: MemoryNeed,
    signal: AbortSignal,
  ): Promise<MemoryFit>;
}

export const createMemoryScale = (options: Options): MemoryScale => {
  const { host, hardware, inspector, memory, inspect } = options;
  const fit: MemoryScale['fit'] = async (details, settings, reserved, signal) => {
    // probed anew: on a card, what other programs hold changes by the minute
    const refresh = hasGpu(await hardware.inventory({ signal }));
    const { llama } = await hardware.inventory({ refresh, signal });
    const vram = llama?.vram ?? undefined;
    return estimateMemoryFit(
      { inspector, host, vram, reserved, memory, backend: llama?.backend },
      details.path,
      details,
      settings,
      signal,
    );
  };
  return {
    fit,
    weigh: async ({ path, settings, adapters }, promised, signal) => {
      const besideBytes = adapterBytes(adapters);
      const { ramBytes, vramBytes } = promised;
      const beside = { ramBytes: ramBytes + besideBytes, vramBytes };
      const found = await fit(await inspect(path), settings, beside, signal);
      return {
        ramBytes: found.totalRamBytes + besideBytes,
        vramBytes: found.totalVramBytes,
        weightsBytes: found.weightsBytes,
        fits: found.fits,
        advice: found.advice,
      };
    },
    isTight: async ({ path, settings, adapters }, signal) => {
      if (settings.contextSize === 'auto') return false;
      const leastBytes = leastMemoryOf(await inspect(path), settings) + adapterBytes(adapters);
      if (leastBytes > host.availableMemoryBytes() * roomyShare) return true;
      if (leastBytes <= leastCardBytes * roomyShare) return false;
      const { llama } = await hardware.inventory({ signal }); // a cache this large may go to a card
      return leastBytes > (llama?.vram?.freeBytes ?? Infinity) * roomyShare;
    },
  };
};
