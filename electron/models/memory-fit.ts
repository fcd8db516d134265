import type { MemoryPrediction } from '../../shared/contract/memory.ts';
import type { EngineSettings, MemoryFit, ModelDetails } from '../../shared/contract/models.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { HostFacts } from '../platform/ports.ts';
import { adviseFit, type Shortage } from './fit-advice.ts';
import { firstContextSizes, largestFitting, narrowContextSizes, type ContextNeed } from './fit-search.ts';
import type { Inspector, ResourceEstimate } from './inspector.ts';
import { leastCacheBytesPerToken } from './least-cache.ts';
import { leastMemoryBytes } from './least-memory.ts';
import { predictMemory } from './memory-learning.ts';
import type { MemoryLedger } from './memory-ledger.ts';
import { expectedOf, neededMemory } from './needed-memory.ts';
import { refuseBroken } from './refuse-broken.ts';

export interface MemoryFitPorts {
  readonly inspector: Pick<Inspector, 'estimate'>;
  readonly host: Pick<HostFacts, 'availableMemoryBytes' | 'totalMemoryBytes' | 'platform' | 'arch'>;
  /** Video memory now, from the device probe; absent without a GPU. */
  readonly vram?: { readonly freeBytes: number; readonly totalBytes: number } | undefined;
  /** What runs the model; decides which past loads say something. Default `cpu`. */
  readonly backend?: string | undefined;
  /** This machine's loads so far; without it the shipped figures are used. */
  readonly memory?: Pick<MemoryLedger, 'predict' | 'history'> | undefined;
  /** Promised to engines that have not taken it yet (loading); what they have taken is no longer free anyway. */
  readonly reserved?: { readonly ramBytes: number; readonly vramBytes: number } | undefined;
}

/** Kept free beside what is needed: room for the system to breathe, and for a process of which nothing was learned. */
const ramHeadroomBytes = 256 * 2 ** 20;
/** llama.cpp's scratch buffers and the desktop may grow by this on a card; beyond it CUDA aborts the process. */
const vramHeadroomBytes = 256 * 2 ** 20;

/** Past loads of the model that are shown beside the estimate. */
const shownLoads = 10;

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

const shortageOf = (memory: Shortage['memory'], needBytes: number, freeBytes: number): Shortage => ({
  memory,
  needBytes,
  freeBytes,
  missingBytes: needBytes - freeBytes,
});

/** Need against free in the tighter of the two memories. */
const tightest = (need: ResourceEstimate, learned: MemoryPrediction, free: Available): Shortage => {
  const { totalVramBytes } = need;
  const { neededRamBytes } = neededMemory(need, expectedOf(learned, need));
  if (free.isUnified) return shortageOf('ram', neededRamBytes + totalVramBytes, free.ramBytes);
  const ram = shortageOf('ram', neededRamBytes, free.ramBytes);
  if (totalVramBytes === 0) return ram;
  const vram = shortageOf('vram', totalVramBytes, free.vramBytes);
  return vram.missingBytes >= ram.missingBytes ? vram : ram;
};

type SizedNeed = ResourceEstimate & { readonly contextSize: number };

const rank = (
  needs: readonly SizedNeed[],
  learned: MemoryPrediction,
  free: Available,
): readonly ContextNeed[] =>
  needs.map((need) => ({
    contextSize: need.contextSize,
    missingBytes: tightest(need, learned, free).missingBytes,
  }));

/** What the process itself should take, from this machine's loads; weights and cache are not in it yet. */
const learn = ({ memory, backend = 'cpu' }: MemoryFitPorts, details: ModelDetails): MemoryPrediction => {
  const shape = {
    backend,
    vocabularySize: details.vocabularySize ?? 0,
    weightsRamBytes: 0,
    kvCacheRamBytes: 0,
    vramBytes: 0,
  };
  return memory === undefined ? predictMemory(shape, []) : memory.predict(shape);
};

interface FitQuestion {
  readonly ports: MemoryFitPorts;
  readonly details: ModelDetails;
  readonly settings: EngineSettings;
  readonly askedContextSize: number;
  readonly trainedContextSize: number;
  readonly learned: MemoryPrediction;
  readonly free: Available;
}

const largestEstimate = (needs: readonly SizedNeed[]): SizedNeed | undefined =>
  needs.toSorted((a, b) => b.contextSize - a.contextSize)[0];

/**
 * The need of a context no machine of this size can hold, from that of the largest estimated: llama.cpp takes 13 to
 * 20 s to simulate 16 million tokens. The cache is exact, the buffers are those of the smaller context: at least.
 */
const extrapolate = (largest: SizedNeed, contextSize: number, kvCacheBytes: number): SizedNeed => ({
  ...largest,
  contextSize,
  kvCacheBytes,
  totalRamBytes: largest.totalRamBytes + kvCacheBytes - largest.kvCacheBytes,
});

/** The answer, from estimates at enough context sizes. Pure. */
const decideFit = (
  { ports, details, settings, askedContextSize, trainedContextSize, learned, free }: FitQuestion,
  needs: readonly SizedNeed[],
): MemoryFit => {
  const need = needs.find(({ contextSize }) => contextSize === askedContextSize);
  if (need === undefined) throw new AppError('app.internal', 'The estimate left out the asked context size.');
  const shortage = tightest(need, learned, free);
  const expected = expectedOf(learned, need);
  const figures = {
    settings,
    contextSize: askedContextSize,
    slots: settings.slots,
    weightsBytes: need.weightsRamBytes + need.weightsVramBytes,
    kvCacheBytes: need.kvCacheBytes,
    computeBytes: need.computeBytes,
    totalRamBytes: need.totalRamBytes,
    totalVramBytes: need.totalVramBytes,
    availableRamBytes: free.ramBytes,
    availableVramBytes: free.vramBytes,
    ...neededMemory(need, expected),
    fits: shortage.missingBytes <= 0,
    largestContextSize: largestFitting(rank(needs, learned, free), trainedContextSize),
    expected,
    pastLoads: (ports.memory?.history().loads ?? [])
      .filter(({ modelId }) => modelId === details.id)
      .slice(0, shownLoads),
  };
  return { ...figures, advice: adviseFit(figures, details, shortage) };
};

/**
 * Memory of a model with these settings before it is loaded, whether it fits now, and the largest context that does.
 * Takes one to three short-lived children; each estimates up to 16 context sizes.
 * @throws AppError what is wrong with the file (`models.*`), `engine.crashed`, `engine.load-failed`, `app.cancelled`
 */
export const estimateMemoryFit = async (
  ports: MemoryFitPorts,
  path: string,
  details: ModelDetails,
  settings: EngineSettings,
  signal: AbortSignal,
): Promise<MemoryFit> => {
  refuseBroken(details);
  const free = availableOf(ports);
  const learned = learn(ports, details);
  const trainedContextSize = details.trainedContextLength ?? autoContextSize;
  const askedContextSize =
    settings.contextSize === 'auto' ? Math.min(autoContextSize, trainedContextSize) : settings.contextSize;

  const { architecture, metadata } = details;
  const read = (name: string): unknown => metadata[`${architecture}.${name}`];
  const cacheBytesPerToken = leastCacheBytesPerToken({ architecture, read }, settings);
  const question = {
    settings,
    contextSize: askedContextSize,
    cacheBytesPerToken,
    weightsBytes: details.sizeBytes,
  };
  const first = firstContextSizes(trainedContextSize);
  const isImpossible =
    first.length > 0 &&
    leastMemoryBytes(question) > ports.host.totalMemoryBytes() + (ports.vram?.totalBytes ?? 0);

  const needs: SizedNeed[] = [];
  let sizes: readonly number[] = isImpossible ? first : [...new Set([askedContextSize, ...first])];
  while (sizes.length > 0) {
    needs.push(...(await ports.inspector.estimate(path, settings, sizes, signal)));
    sizes = narrowContextSizes(rank(needs, learned, free), trainedContextSize);
  }
  const largest = largestEstimate(needs);
  if (isImpossible && largest !== undefined)
    needs.push(
      extrapolate(largest, askedContextSize, askedContextSize * settings.slots * cacheBytesPerToken),
    );
  return decideFit({ ports, details, settings, askedContextSize, trainedContextSize, learned, free }, needs);
};
