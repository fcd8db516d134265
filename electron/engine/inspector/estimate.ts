import { GgmlType, GgufInsights, readGgufFileInfo, type Llama } from 'node-llama-cpp';
import type { EngineSettings } from '../../../shared/contract/models.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { ResourceEstimate } from '../../models/inspector.ts';
import { findBindings } from '../host/llama/addon.ts';
import { chooseMmap, mappedWeightsBytes } from '../host/llama/copied-weights.ts';
import { kernelsOf } from '../host/llama/cpu-kernels.ts';
import { kvCacheBytesOf } from '../host/llama/kv-cache-bytes.ts';
import { readFileFacts } from '../host/llama/file-facts.ts';
import { createLogTail, logArrived } from '../host/llama/log-tail.ts';
import { openLlama } from '../host/llama/open-llama.ts';
import type { InspectorTask } from './protocol.ts';

type EstimateTask = Extract<InspectorTask, { type: 'estimate' }>;
type SizedEstimate = ResourceEstimate & { readonly contextSize: number };

/**
 * The library logs such a line and answers from a rule of thumb when the simulation fails; a guess is no estimate.
 * Lines of llama.cpp itself begin with the name of a function.
 */
const isFallback = (line: string): boolean => line.startsWith('Failed ');

const flashAttentionOf = (setting: EngineSettings['flashAttention']): 'auto' | boolean =>
  setting === 'auto' ? 'auto' : setting === 'on';

const gpuLayersOf = async (
  insights: GgufInsights,
  llama: Llama,
  { gpuLayers, useMmap, kvKeyType, kvValueType, flashAttention }: EngineSettings,
): Promise<number> => {
  if (llama.gpu === false) return 0;
  if (gpuLayers === 'max') return insights.totalLayers;
  if (gpuLayers !== 'auto') return Math.min(gpuLayers, insights.totalLayers);
  const resolved = await insights.configurationResolver.resolveModelGpuLayersV2('auto', {
    useMmap,
    defaultContextFlashAttention: flashAttentionOf(flashAttention),
    defaultContextKvCacheKeyType: GgmlType[kvKeyType],
    defaultContextKvCacheValueType: GgmlType[kvValueType],
  });
  return resolved.gpuLayers;
};

interface WeightsQuestion {
  readonly llama: Llama;
  readonly insights: GgufInsights;
  readonly path: string;
  readonly gpuLayers: number;
  readonly useMmap: boolean;
}

/**
 * Bytes of the weights as a real load lays them out. The library's own estimate leaves out the copies that the CPU
 * backend makes for its kernels, so on the CPU the loader itself is simulated, from the file.
 */
const weightsOf = async ({ llama, insights, path, gpuLayers, useMmap }: WeightsQuestion) => {
  const kernels = kernelsOf(llama);
  const bindings = findBindings(llama);
  if (kernels === 'gpu' || bindings === undefined)
    return insights.estimateModelResourceRequirementsV2({ gpuLayers, useMmap });
  const simulation = new bindings.AddonModel(path, {
    gpuLayers,
    useMmap: false,
    useMlock: false,
    noAlloc: true,
  });
  try {
    if (!(await simulation.init())) throw new AppError('engine.load-failed');
    const owned = simulation.getMemoryBreakdown();
    if (!useMmap) return owned;
    const { tensors } = await readFileFacts(path);
    return { ...owned, cpuRam: mappedWeightsBytes(owned.cpuRam, tensors, kernels) };
  } finally {
    await simulation.dispose();
  }
};

/**
 * Memory of a model with `settings` at each context size: llama.cpp loads the model and makes the contexts without
 * allocating (`no_alloc`), and says what it would have taken.
 * @throws AppError `engine.load-failed` with llama.cpp's reason
 */
export const estimate = async ({
  path,
  settings,
  contextSizes,
}: EstimateTask): Promise<readonly SizedEstimate[]> => {
  const logTail = createLogTail();
  const llama = await openLlama(settings, logTail);
  logTail.reset(); // what a missing GPU library said is no matter of this file
  const failed = (cause?: unknown): AppError => {
    const log = logTail.lines();
    const reason =
      log.findLast((line) => /error|fail|invalid|missing/i.test(line) && !isFallback(line)) ??
      (cause instanceof Error ? cause.message : undefined);
    const message = `llama.cpp cannot load ${path}${reason === undefined ? '.' : `: ${reason}`}`;
    return new AppError('engine.load-failed', message, {
      hint: 'Inspect the file; it may be damaged, or need a newer llama.cpp.',
      details: { log },
      cause,
    });
  };
  try {
    const info = await readGgufFileInfo(path, { sourceType: 'filesystem', logWarnings: false });
    const insights = await GgufInsights.from(info, llama);
    const gpuLayers = await gpuLayersOf(insights, llama, settings);
    const file = await readFileFacts(path);
    const useMmap = chooseMmap(settings.useMmap, file.tensors, kernelsOf(llama));
    const weights = await weightsOf({ llama, insights, path, gpuLayers, useMmap });
    const estimates: SizedEstimate[] = [];
    for (const contextSize of contextSizes) {
      const shape = {
        contextSize,
        modelGpuLayers: gpuLayers,
        batchSize: Math.min(settings.batchSize, contextSize * settings.slots),
        sequences: settings.slots,
        kvCacheKeyType: GgmlType[settings.kvKeyType],
        kvCacheValueType: GgmlType[settings.kvValueType],
      };
      const flashAttention = flashAttentionOf(settings.flashAttention);
      const context = await insights.estimateContextResourceRequirementsV2({
        ...shape,
        useMmap,
        flashAttention,
      });
      if (logTail.lines().some(isFallback)) throw failed();
      const contextBytes = context.cpuRam + context.gpuVram;
      const kvCacheBytes = Math.min(contextBytes, kvCacheBytesOf(insights, shape, settings));
      estimates.push({
        contextSize,
        weightsRamBytes: weights.cpuRam,
        weightsVramBytes: weights.gpuVram,
        kvCacheBytes,
        computeBytes: contextBytes - kvCacheBytes,
        totalRamBytes: weights.cpuRam + context.cpuRam,
        totalVramBytes: weights.gpuVram + context.gpuVram,
        gpuLayers,
      });
    }
    return estimates;
  } catch (error) {
    await logArrived();
    throw error instanceof AppError ? error : failed(error);
  }
};
