import type { EngineSettings } from '../../shared/contract/models.ts';
import { findArchitecture } from './gguf/architectures.ts';
import { findTensorTypeByName } from './gguf/tensor-types.ts';

/**
 * Architectures whose every layer keeps a key and a value of every token (llama.cpp v0.5.0: `create_memory` makes the
 * plain cache, and `load_hparams` sets no window, no compressed keys, no shared layers).
 */
const plain = new Set(
  `arcee baichuan bloom command-r deepseek ernie4_5 falcon gemma glm4 gpt2 gptneox granite granitemoe internlm2 llama
   minicpm mistral3 mpt olmo olmoe phi2 qwen qwen2 qwen2moe qwen2vl qwen3 qwen3moe qwen3vl qwen3vlmoe refact seed_oss
   smollm3 stablelm starcoder starcoder2 xverse`.split(/\s+/),
);

/** Keys with which even those keep less. */
const smallerCache = ['attention.sliding_window', 'attention.kv_lora_rank', 'attention.shared_kv_layers'];

/**
 * Of so many layers one sees everything, the others only a window or a state of constant size; `load_hparams` of each
 * architecture has the number where the file has none. phi3 names a window that llama.cpp does not use.
 */
const oneLayerIn: Readonly<Record<string, { readonly key: string; readonly usual: number } | undefined>> = {
  gemma2: { key: 'attention.sliding_window_pattern', usual: 2 },
  gemma3: { key: 'attention.sliding_window_pattern', usual: 6 },
  cohere2: { key: 'attention.sliding_window_pattern', usual: 4 },
  exaone4: { key: 'attention.sliding_window_pattern', usual: 4 },
  olmo2: { key: 'attention.sliding_window_pattern', usual: 4 },
  llama4: { key: 'attention.sliding_window_pattern', usual: 4 },
  'gpt-oss': { key: 'attention.sliding_window_pattern', usual: 2 },
  qwen3next: { key: 'full_attention_interval', usual: 4 },
  qwen35: { key: 'full_attention_interval', usual: 4 },
  qwen35moe: { key: 'full_attention_interval', usual: 4 },
};

/** Layers without attention have no key heads in the list of the file (`is_recr_impl[i] = n_head_kv(i) == 0`). */
const headsPerLayer = new Set(['jamba', 'granitehybrid', 'lfm2', 'lfm2moe']);

/** Neither decode token by token nor keep their own cells: diffusion, decoders of sound, drafts beside a model. */
const withoutCells = new Set(
  'dream llada llada-moe rnd1 wavtokenizer-dec gemma4-assistant dflash eagle3 deepseek4'.split(' '),
);

/**
 * What llama.cpp v0.5.0 notes of every token that a cache could hold, apart from keys and values (llama-kv-cells.h):
 * position 4 bytes, place in an image 12, shift 4, a bit for each of 256 sequences. It takes these from the RAM even
 * where it only simulates: 32 slots of 16 million tokens are 24.8 GiB, at which Linux killed the process.
 */
const bytesPerCell = 4 + 12 + 4 + 256 / 8;

/**
 * Metadata by name, without the architecture before it: a number, a list of numbers with one for each layer, or
 * something else (`undefined` when missing).
 */
export interface AttentionFacts {
  readonly architecture: string;
  read(name: string): unknown;
}

type CacheTypes = Pick<EngineSettings, 'kvKeyType' | 'kvValueType'>;

/** Bytes per number of a cache type, from its blocks: Q8_0 has 34 bytes for 32. */
const bytesPerNumber = (type: EngineSettings['kvKeyType']): number => {
  const found = findTensorTypeByName(type);
  return found === undefined ? 0 : found.blockBytes / found.blockElements;
};

/** True where the bound is what the cache takes, and a context that fits can be named without llama.cpp. */
export const knowsCacheExactly = ({ architecture, read }: AttentionFacts): boolean =>
  plain.has(architecture) && smallerCache.every((name) => read(name) === undefined);

/**
 * KV cache of one token in bytes: layers × key heads × (key length × key type + value length × value type), over the
 * layers that keep every token. Compressed keys (MLA) have no values of their own. 0 where that is not known for sure;
 * never more than llama.cpp takes.
 */
export const leastKvBytesPerToken = (
  facts: AttentionFacts,
  { kvKeyType, kvValueType }: CacheTypes,
): number => {
  const { architecture, read } = facts;
  const number = (name: string, otherwise: number): number => {
    const value = read(name) ?? otherwise;
    return typeof value === 'number' ? value : 0; // one value per layer: not this formula
  };
  const layers = number('block_count', 0) - number('nextn_predict_layers', 0);
  const heads = number('attention.head_count', 0);
  if (layers <= 0) return 0;
  const usualLength = heads === 0 ? 0 : Math.floor(number('embedding_length', 0) / heads);
  const keyBytes = number('attention.key_length', usualLength) * bytesPerNumber(kvKeyType);
  const valueBytes = number('attention.value_length', usualLength) * bytesPerNumber(kvValueType);
  const keyHeads = number('attention.head_count_kv', heads);

  if (knowsCacheExactly(facts) || architecture === 'falcon-h1' || architecture === 'phi3')
    return layers * keyHeads * (keyBytes + valueBytes);
  if (architecture === 'deepseek2') return layers * keyHeads * keyBytes;
  if (headsPerLayer.has(architecture) && read('attention.sliding_window') === undefined) {
    const list = read('attention.head_count_kv');
    const each: readonly unknown[] = Array.isArray(list) ? list : [];
    const allHeads = each.reduce<number>((sum, one) => sum + (typeof one === 'number' ? one : 0), 0);
    return allHeads * (keyBytes + valueBytes);
  }
  const pattern = oneLayerIn[architecture];
  if (pattern === undefined || read('attention.recurrent_layers') !== undefined) return 0;
  const period = number(pattern.key, pattern.usual); // a list says which layers: not this formula
  return period < 1 ? 0 : Math.floor(layers / period) * keyHeads * (keyBytes + valueBytes);
};

/** What the cache takes of RAM and VRAM for one token at the very least; 0 where it does not grow with the context. */
export const leastCacheBytesPerToken = (facts: AttentionFacts, types: CacheTypes): number => {
  const kind = findArchitecture(facts.architecture);
  const hasCells = (kind === 'transformer' || kind === 'hybrid') && !withoutCells.has(facts.architecture);
  return hasCells ? leastKvBytesPerToken(facts, types) + bytesPerCell : 0;
};
