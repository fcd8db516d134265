import type { EngineSettings, ModelDetails } from '../../shared/contract/models.ts';
import { findTensorTypeByName } from './gguf/tensor-types.ts';

/**
 * Architectures whose every layer keeps a key and a value of every token (llama.cpp v0.5.0: `create_memory` makes the
 * plain cache, and `load_hparams` sets no window, no compressed keys, no shared layers). Of the others the cache can be
 * smaller than this formula, so nothing is said of them here.
 */
const plain = new Set(
  `arcee baichuan bloom command-r deepseek ernie4_5 falcon gemma glm4 gpt2 gptneox granite granitemoe internlm2 llama
   minicpm mistral3 mpt olmo olmoe phi2 qwen qwen2 qwen2moe qwen2vl qwen3 qwen3moe qwen3vl qwen3vlmoe refact seed_oss
   smollm3 stablelm starcoder starcoder2 xverse`.split(/\s+/),
);

/** Keys with which even those keep less. */
const smallerCache = ['attention.sliding_window', 'attention.kv_lora_rank', 'attention.shared_kv_layers'];

/** Metadata by name, without the architecture before it: a number, or something else (`undefined` when missing). */
export interface AttentionFacts {
  readonly architecture: string;
  read(name: string): unknown;
}

/** Bytes per number of a cache type, from its blocks: Q8_0 has 34 bytes for 32. */
const bytesPerNumber = (type: EngineSettings['kvKeyType']): number => {
  const found = findTensorTypeByName(type);
  return found === undefined ? 0 : found.blockBytes / found.blockElements;
};

/**
 * KV cache of one token in bytes: layers × key heads × (key length × key type + value length × value type). 0 where
 * that is not known for sure; never more than llama.cpp takes.
 */
export const leastKvBytesPerToken = (
  { architecture, read }: AttentionFacts,
  { kvKeyType, kvValueType }: Pick<EngineSettings, 'kvKeyType' | 'kvValueType'>,
): number => {
  if (!plain.has(architecture) || smallerCache.some((name) => read(name) !== undefined)) return 0;
  const number = (name: string, otherwise: number): number => {
    const value = read(name) ?? otherwise;
    return typeof value === 'number' ? value : 0; // one value per layer: not this formula
  };
  const layers = number('block_count', 0) - number('nextn_predict_layers', 0);
  const heads = number('attention.head_count', 0);
  if (layers <= 0 || heads === 0) return 0;
  const usualLength = Math.floor(number('embedding_length', 0) / heads);
  const keyBytes = number('attention.key_length', usualLength) * bytesPerNumber(kvKeyType);
  const valueBytes = number('attention.value_length', usualLength) * bytesPerNumber(kvValueType);
  return layers * number('attention.head_count_kv', heads) * (keyBytes + valueBytes);
};

interface Question {
  readonly settings: Pick<EngineSettings, 'slots' | 'useMmap'>;
  /** Per slot. */
  readonly contextSize: number;
  readonly kvBytesPerToken: number;
  readonly weightsBytes: number;
}

/**
 * What these settings take at the very least, in RAM and VRAM together: the cache of all slots, and the weights unless
 * they may stay in the mapped file. Buffers come on top.
 */
export const leastMemoryBytes = (question: Question): number => {
  const { settings, contextSize, kvBytesPerToken, weightsBytes } = question;
  return contextSize * settings.slots * kvBytesPerToken + (settings.useMmap === false ? weightsBytes : 0);
};

/** The same of a model in the library, where the context is chosen; 0 where it takes what is left. */
export const leastMemoryOf = (
  { architecture, metadata, sizeBytes }: Pick<ModelDetails, 'architecture' | 'metadata' | 'sizeBytes'>,
  settings: EngineSettings,
): number => {
  const { contextSize } = settings;
  if (contextSize === 'auto') return 0;
  const read = (name: string): unknown => metadata[`${architecture}.${name}`];
  const kvBytesPerToken = leastKvBytesPerToken({ architecture, read }, settings);
  return leastMemoryBytes({ settings, contextSize, kvBytesPerToken, weightsBytes: sizeBytes });
};

const contextStep = 256;
/** Buffers, and what the system needs. */
const usableShare = 0.8;

/** The largest whole step of context that such a machine can be expected to hold; 0 when none. */
export const likelyContextSize = (
  { settings, kvBytesPerToken, weightsBytes }: Omit<Question, 'contextSize'>,
  freeBytes: number,
  trainedContextSize: number,
): number => {
  const room = freeBytes * usableShare - weightsBytes;
  const tokens = Math.min(trainedContextSize, room / (kvBytesPerToken * settings.slots));
  return Math.max(0, Math.floor(tokens / contextStep) * contextStep);
};
