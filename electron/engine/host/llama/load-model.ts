import type { Llama, LlamaContext, LlamaModel } from 'node-llama-cpp';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { LoadMessage } from '../../protocol.ts';
import type { BatchEngine } from '../batch-engine.ts';
import type { LoadedModel } from '../loaded-model.ts';
import {
  findAddonContext,
  findAddonModel,
  findBindings,
  type AddonAdapter,
  type AddonModel,
} from './addon.ts';
import { createEmbedder, meanPoolingOverride } from './embedder.ts';
import { createFastEngine } from './fast-engine.ts';
import { findFillMarks } from './fill-marks.ts';
import { loadAdapters } from './load-adapters.ts';
import { loadError } from './load-error.ts';
import { createLogTail, logArrived, type LogTail } from './log-tail.ts';
import { chooseMmap, sumOfBytes } from './copied-weights.ts';
import { kernelsOf } from './cpu-kernels.ts';
import { kvCacheBytesOf } from './kv-cache-bytes.ts';
import { readFileFacts, type FileFacts } from './file-facts.ts';
import { openLlama } from './open-llama.ts';
import { createPublicEngine } from './public-engine.ts';
import { createPublicTokenizer } from './public-tokenizer.ts';
import { createRanker, rankingOf } from './ranker.ts';
import { createVocabulary } from './vocabulary.ts';

/** The version whose internals `addon.ts` describes. */
const testedVersion = '3.22.1';
/** `auto` goes no further: most chats fit, and every slot reserves its whole cache at the start. */
const autoContextLimit = 4096;
/** `auto` gives up below this and reports that memory is short. */
const leastAutoContext = 512;

interface Opened {
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  readonly adapters: readonly AddonAdapter[];
  readonly useMmap: boolean;
  /** Growth of the used device memory over the load; `undefined` without a device. */
  readonly deviceBytes: number | undefined;
}

/** Device memory in use by all programs. */
const usedDeviceBytes = async (llama: Llama): Promise<number | undefined> =>
  llama.gpu === false ? undefined : (await llama.getVramState()).used;

/** Context sizes to try, largest first. `auto` shrinks to what fits; a chosen size is never changed silently. */
const contextSizes = ({ settings }: LoadMessage, trainedContextLength: number): readonly number[] => {
  if (settings.contextSize !== 'auto') return [settings.contextSize];
  const first = Math.min(autoContextLimit, Math.max(16, trainedContextLength));
  const sizes = [first];
  for (let size = first / 2; size >= leastAutoContext; size /= 2) sizes.push(Math.floor(size));
  return sizes;
};

const isMemoryShortage = async (error: unknown): Promise<boolean> => {
  const { InsufficientMemoryError } = await import('node-llama-cpp');
  return error instanceof InsufficientMemoryError;
};

const createContext = async (message: LoadMessage, model: LlamaModel): Promise<LlamaContext> => {
  const { settings } = message;
  const sizes = contextSizes(message, model.trainContextSize);
  for (const [index, contextSize] of sizes.entries()) {
    try {
      return await model.createContext({
        sequences: settings.slots,
        contextSize,
        batchSize: Math.min(settings.batchSize, contextSize * settings.slots),
        threads: 1, // set before every step
        flashAttention: settings.flashAttention === 'auto' ? 'auto' : settings.flashAttention === 'on',
        experimentalKvCacheKeyType: settings.kvKeyType,
        experimentalKvCacheValueType: settings.kvValueType,
        failedCreationRemedy: false,
      });
    } catch (error) {
      if (index === sizes.length - 1 || !(await isMemoryShortage(error))) throw error;
    }
  }
  throw new AppError('engine.out-of-memory');
};

const open = async (
  message: LoadMessage,
  file: FileFacts,
  logTail: LogTail,
  onProgress: (fraction: number) => void,
): Promise<Opened> => {
  const { settings } = message;
  const llama = await openLlama(settings, logTail);
  const usedBefore = await usedDeviceBytes(llama);
  const useMmap = chooseMmap(settings.useMmap, file.tensors, kernelsOf(llama));
  const model = await llama.loadModel({
    modelPath: message.path,
    gpuLayers: llama.gpu === false ? 0 : settings.gpuLayers,
    useMmap,
    checkTensors: message.checkTensors,
    onLoadProgress: onProgress,
    ...meanPoolingOverride(file),
  });
  const adapters = await loadAdapters(message, { llama, model }, logTail);
  const context = await createContext(message, model);
  const usedAfter = await usedDeviceBytes(llama);
  const deviceBytes =
    usedBefore === undefined || usedAfter === undefined ? undefined : Math.max(0, usedAfter - usedBefore);
  return { llama, model, useMmap: model.useMmap, context, adapters, deviceBytes };
};

const reuseOf = ({ fileInsights }: LlamaModel): BatchEngine['reuse'] =>
  fileInsights.isHybrid || fileInsights.isRecurrent || (fileInsights.swaSize ?? 0) > 0
    ? 'whole'
    : 'any-prefix';

const createEngine = async (
  { batchEngine }: LoadMessage,
  { llama, model, context, adapters }: Opened,
  { addonModel, vocabularySize }: { addonModel: AddonModel | undefined; vocabularySize: number },
): Promise<BatchEngine> => {
  const { getModuleVersion } = await import('node-llama-cpp');
  const shape = {
    slots: context.totalSequences,
    contextSize: context.contextSize,
    batchSize: context.batchSize,
    reuse: reuseOf(model),
  };
  const addon = findAddonContext(context);
  const bindings = findBindings(llama);
  const isTested = (await getModuleVersion()) === testedVersion;
  return batchEngine === 'auto' && isTested && addon && bindings && addonModel
    ? createFastEngine({ ...shape, addon, bindings, adapters, vocabularySize, model: addonModel })
    : createPublicEngine({ ...shape, context, model });
};

/** `auto` is resolved inside llama.cpp, which says so in its log only. */
const isFlashOn = ({ flashAttention }: LlamaContext, log: readonly string[]): boolean => {
  if (flashAttention !== 'auto') return flashAttention;
  return !log.some((line) => /flash attention.*(set to|:) (disabled|off|0)\b/i.test(line));
};

/**
 * Opens llama.cpp in this process and loads the model with one context.
 * @throws AppError `engine.load-failed`, `engine.out-of-memory` (both with llama.cpp's last log lines)
 */
export const loadModel = async (
  message: LoadMessage,
  onProgress: (fraction: number) => void,
): Promise<LoadedModel> => {
  const logTail = createLogTail();
  try {
    const file = await readFileFacts(message.path);
    const opened = await open(message, file, logTail, onProgress);
    const { llama, model, context } = opened;
    const addonModel = findAddonModel(model);
    const engine = await createEngine(message, opened, {
      addonModel,
      vocabularySize: file.vocabularySize,
    });
    const { getModuleVersion } = await import('node-llama-cpp');
    const vocabulary = createVocabulary(addonModel ?? createPublicTokenizer(model), file.vocabularySize);
    const fillMarks = findFillMarks(model, vocabulary);
    const facts: LoadedModel['facts'] = {
      ranking: rankingOf({
        isCrossEncoder: model.fileInsights.supportsRanking,
        canEmbed: findAddonContext(context) !== undefined,
      }),
      ...(fillMarks && { fillMarks }),
      backend: llama.gpu === false ? 'cpu' : llama.gpu,
      nodeLlamaCppVersion: await getModuleVersion(),
      llamaCppRelease: llama.llamaCppRelease.release,
      batchEngine: engine.kind,
      contextSize: engine.contextSize,
      slots: engine.slots,
      batchSize: engine.batchSize,
      flashAttention: isFlashOn(context, logTail.lines()),
      kvKeyType: message.settings.kvKeyType,
      kvValueType: message.settings.kvValueType,
      gpuLayers: model.gpuLayers,
      useMmap: opened.useMmap,
      vocabularySize: file.vocabularySize,
      embeddingLength: model.embeddingVectorSize,
      trainedContextLength: model.trainContextSize,
      modelDescription: model.typeDescription,
      tensorBytes: sumOfBytes(file.tensors),
      memory: {
        processBytes: process.memoryUsage.rss(),
        modelRamBytes: model.memoryUsage.ram,
        modelVramBytes: model.memoryUsage.vram,
        contextRamBytes: context.memoryUsage.ram,
        contextVramBytes: context.memoryUsage.vram,
        kvCacheBytes: kvCacheBytesOf(
          model.fileInsights,
          {
            contextSize: engine.contextSize,
            sequences: engine.slots,
            batchSize: engine.batchSize,
            modelGpuLayers: model.gpuLayers,
          },
          message.settings,
        ),
        ...(opened.deviceBytes !== undefined && { deviceBytes: opened.deviceBytes }),
      },
    };
    return {
      engine,
      vocabulary,
      chatTemplate: file.chatTemplate,
      facts,
      physicalCores: Math.max(1, llama.cpuMathCores),
      embedder: createEmbedder(
        model,
        vocabulary,
        findAddonContext,
        opened.adapters.map((adapter, id) => ({ adapter, scale: message.adapters[id]?.scale ?? 0 })),
      ),
      ranker: createRanker(model),
    };
  } catch (error) {
    await logArrived();
    throw loadError(error, message, logTail.lines());
  }
};
