import type { EngineSettings, MemoryFit, ModelDetails } from '../../shared/contract/models.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { HostFacts } from '../platform/ports.ts';
import { adviseFit } from './fit-advice.ts';
import { firstContextSizes, narrowContextSizes, type ContextNeed } from './fit-search.ts';
import type { Inspector, ResourceEstimate } from './inspector.ts';
import { repackedBytes, resolveUseMmap } from './repack-policy.ts';

export interface MemoryFitPorts {
  readonly inspector: Pick<Inspector, 'estimate'>;
  readonly host: Pick<HostFacts, 'availableMemoryBytes' | 'platform' | 'arch'>;
  /** Video memory free now, from the device probe; absent without a GPU. */
  readonly vram?: { readonly freeBytes: number } | undefined;
  /** Promised to engines that have not taken it yet (loading); what they have taken is no longer free anyway. */
  readonly reserved?: { readonly ramBytes: number; readonly vramBytes: number } | undefined;
}

/** Kept free: the engine process itself (93 MB measured before a model) and room for the system to breathe. */
const ramHeadroomBytes = 256 * 2 ** 20;
/** llama.cpp's scratch buffers and the desktop may grow by this on a card; beyond it CUDA aborts the process. */
const vramHeadroomBytes = 256 * 2 ** 20;

/** `auto` is the training context, at most this. */
const autoContextSize = 4096;

interface Available {
  readonly ramBytes: number;
  readonly vramBytes: number;
  /** RAM and VRAM are one memory (Apple silicon). */
  readonly isUnified: boolean;
}

const availableOf = ({ host, vram, reserved }: MemoryFitPorts): Available => ({
  ramBytes: Math.max(0, host.availableMemoryBytes() - (reserved?.ramBytes ?? 0) - ramHeadroomBytes),
  vramBytes: Math.max(
    0,
    (vram?.freeBytes ?? 0) - (reserved?.vramBytes ?? 0) - (vram ? vramHeadroomBytes : 0),
  ),
  isUnified: host.platform === 'darwin' && host.arch === 'arm64',
});

/** Bytes missing in the tighter of the two memories; zero or less fits. */
const missingBytes = (
  need: Pick<ResourceEstimate, 'totalRamBytes' | 'totalVramBytes'>,
  free: Available,
): number =>
  Math.max(
    need.totalRamBytes + (free.isUnified ? need.totalVramBytes : 0) - free.ramBytes,
    need.totalVramBytes - (free.vramBytes || (free.isUnified ? free.ramBytes : 0)),
  );

/** Pages of a mapped file that stay beside the repacked copy; llama.cpp's own figure does not count them. */
const doubledBytes = (
  details: ModelDetails,
  settings: EngineSettings,
  arch: string,
  need: ResourceEstimate,
) => {
  if (!resolveUseMmap(settings.useMmap, details, arch)) return 0;
  const weights = need.weightsRamBytes + need.weightsVramBytes;
  return weights === 0 ? 0 : Math.round((repackedBytes(details, arch) * need.weightsRamBytes) / weights);
};

type SizedNeed = ResourceEstimate & { readonly contextSize: number };

/**
 * Memory of a model with these settings before it is loaded, whether it fits now, and the largest context that does.
 * Takes one to three short-lived children; each estimates up to 16 context sizes.
 * @throws AppError `engine.crashed`, `engine.load-failed`, `app.cancelled`
 */
export const estimateMemoryFit = async (
  ports: MemoryFitPorts,
  path: string,
  details: ModelDetails,
  settings: EngineSettings,
  signal: AbortSignal,
): Promise<MemoryFit> => {
  const free = availableOf(ports);
  const { arch } = ports.host;
  const trained = details.trainedContextLength ?? autoContextSize;
  const asked = settings.contextSize === 'auto' ? Math.min(autoContextSize, trained) : settings.contextSize;
  const needs = new Map<number, SizedNeed>();

  const estimateAll = async (sizes: readonly number[]) => {
    const estimates = await ports.inspector.estimate(
      path,
      { ...settings, useMmap: resolveUseMmap(settings.useMmap, details, arch) },
      sizes,
      signal,
    );
    for (const each of estimates) {
      const doubled = doubledBytes(details, settings, arch, each);
      needs.set(each.contextSize, { ...each, totalRamBytes: each.totalRamBytes + doubled });
    }
  };
  const known = (): readonly ContextNeed[] =>
    [...needs.values()].map((need) => ({
      contextSize: need.contextSize,
      missingBytes: missingBytes(need, free),
    }));

  await estimateAll([...new Set([asked, ...firstContextSizes(trained)])]);
  for (;;) {
    const sizes = narrowContextSizes(known(), trained);
    if (sizes.length === 0) break;
    await estimateAll(sizes);
  }

  const need = needs.get(asked);
  if (need === undefined) throw new AppError('app.internal', 'The estimate left out the asked context size.');
  const largestContextSize = known()
    .filter((each) => each.missingBytes <= 0 && each.contextSize % 256 === 0 && each.contextSize <= trained)
    .reduce((largest, each) => Math.max(largest, each.contextSize), 0);
  const fits = missingBytes(need, free) <= 0;
  const figures = {
    settings,
    contextSize: asked,
    slots: settings.slots,
    weightsBytes: need.weightsRamBytes + need.weightsVramBytes,
    kvCacheBytes: need.kvCacheBytes,
    computeBytes: need.computeBytes,
    totalRamBytes: need.totalRamBytes,
    totalVramBytes: need.totalVramBytes,
    availableRamBytes: free.ramBytes,
    availableVramBytes: free.vramBytes,
    fits,
    largestContextSize,
  };
  return { ...figures, advice: adviseFit(figures, details) };
};
