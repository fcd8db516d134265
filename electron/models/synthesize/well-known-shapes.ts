import type { ModelShape } from './shapes.ts';

/** The dimensions of a public model, as facts from its published configuration. */
export interface WellKnownShape {
  /** What people type: `llama-3.1-8b`. */
  readonly id: string;
  readonly title: string;
  /** Where the dimensions are published: `config.json` of this repository on the hub. */
  readonly source: string;
  readonly shape: ModelShape;
}

const qwen2 = {
  architecture: 'qwen2',
  headLength: 128,
  vocabularySize: 152_064,
  tokenizer: 'bpe',
  contextLength: 32_768,
  hasTiedOutput: false,
  ropeFrequencyBase: 1_000_000,
  normEpsilon: 1e-6,
} as const;

const qwen3 = {
  ...qwen2,
  architecture: 'qwen3',
  vocabularySize: 151_936,
  contextLength: 40_960,
} as const;

const llama3 = {
  architecture: 'llama',
  headLength: 128,
  vocabularySize: 128_256,
  tokenizer: 'bpe',
  contextLength: 131_072,
  hasTiedOutput: false,
  ropeFrequencyBase: 500_000,
  normEpsilon: 1e-5,
} as const;

const mistral = {
  ...llama3,
  tokenizer: 'spm',
  vocabularySize: 32_768,
  contextLength: 32_768,
  ropeFrequencyBase: 1_000_000,
} as const;

const gemma3 = {
  architecture: 'gemma3',
  headLength: 256,
  vocabularySize: 262_144,
  tokenizer: 'spm',
  contextLength: 131_072,
  hasTiedOutput: true,
  ropeFrequencyBase: 1_000_000,
  normEpsilon: 1e-6,
  slidingWindow: 1024,
} as const;

/** Embedding, layers, feed-forward, heads, key heads: the five figures that differ within a family. */
type Sizes = readonly [
  embedding: number,
  layers: number,
  feedForward: number,
  heads: number,
  kvHeads: number,
];

const sized = ([embedding, layers, feedForward, heads, kvHeads]: Sizes) => ({
  embeddingLength: embedding,
  blockCount: layers,
  feedForwardLength: feedForward,
  headCount: heads,
  headCountKv: kvHeads,
});

/** From half a billion to 72 billion weights, small first; dense ones and mixtures of experts. */
export const wellKnownShapes: readonly WellKnownShape[] = [
  {
    id: 'qwen2.5-0.5b',
    title: 'Qwen2.5 0.5B',
    source: 'Qwen/Qwen2.5-0.5B',
    shape: {
      ...qwen2,
      ...sized([896, 24, 4864, 14, 2]),
      headLength: 64,
      vocabularySize: 151_936,
      hasTiedOutput: true,
    },
  },
  {
    id: 'gemma-3-1b',
    title: 'Gemma 3 1B',
    source: 'google/gemma-3-1b-it',
    shape: { ...gemma3, ...sized([1152, 26, 6912, 4, 1]), contextLength: 32_768, slidingWindow: 512 },
  },
  {
    id: 'tinyllama-1.1b',
    title: 'TinyLlama 1.1B',
    source: 'TinyLlama/TinyLlama-1.1B-Chat-v1.0',
    shape: {
      ...mistral,
      ...sized([2048, 22, 5632, 32, 4]),
      headLength: 64,
      vocabularySize: 32_000,
      contextLength: 2048,
      ropeFrequencyBase: 10_000,
    },
  },
  {
    id: 'llama-3.2-1b',
    title: 'Llama 3.2 1B',
    source: 'meta-llama/Llama-3.2-1B',
    shape: { ...llama3, ...sized([2048, 16, 8192, 32, 8]), headLength: 64, hasTiedOutput: true },
  },
  {
    id: 'qwen2.5-1.5b',
    title: 'Qwen2.5 1.5B',
    source: 'Qwen/Qwen2.5-1.5B',
    shape: { ...qwen2, ...sized([1536, 28, 8960, 12, 2]), vocabularySize: 151_936, hasTiedOutput: true },
  },
  {
    id: 'qwen3-1.7b',
    title: 'Qwen3 1.7B',
    source: 'Qwen/Qwen3-1.7B',
    shape: { ...qwen3, ...sized([2048, 28, 6144, 16, 8]), hasTiedOutput: true },
  },
  {
    id: 'llama-3.2-3b',
    title: 'Llama 3.2 3B',
    source: 'meta-llama/Llama-3.2-3B',
    shape: { ...llama3, ...sized([3072, 28, 8192, 24, 8]), hasTiedOutput: true },
  },
  {
    id: 'qwen3-4b',
    title: 'Qwen3 4B',
    source: 'Qwen/Qwen3-4B',
    shape: { ...qwen3, ...sized([2560, 36, 9728, 32, 8]), hasTiedOutput: true },
  },
  {
    id: 'gemma-3-4b',
    title: 'Gemma 3 4B',
    source: 'google/gemma-3-4b-it',
    shape: { ...gemma3, ...sized([2560, 34, 10_240, 8, 4]) },
  },
  {
    id: 'mistral-7b',
    title: 'Mistral 7B v0.3',
    source: 'mistralai/Mistral-7B-v0.3',
    shape: { ...mistral, ...sized([4096, 32, 14_336, 32, 8]) },
  },
  {
    id: 'qwen2.5-7b',
    title: 'Qwen2.5 7B',
    source: 'Qwen/Qwen2.5-7B',
    shape: { ...qwen2, ...sized([3584, 28, 18_944, 28, 4]) },
  },
  {
    id: 'llama-3.1-8b',
    title: 'Llama 3.1 8B',
    source: 'meta-llama/Llama-3.1-8B',
    shape: { ...llama3, ...sized([4096, 32, 14_336, 32, 8]) },
  },
  {
    id: 'qwen3-8b',
    title: 'Qwen3 8B',
    source: 'Qwen/Qwen3-8B',
    shape: { ...qwen3, ...sized([4096, 36, 12_288, 32, 8]) },
  },
  {
    id: 'gemma-3-12b',
    title: 'Gemma 3 12B',
    source: 'google/gemma-3-12b-it',
    shape: { ...gemma3, ...sized([3840, 48, 15_360, 16, 8]) },
  },
  {
    id: 'qwen2.5-14b',
    title: 'Qwen2.5 14B',
    source: 'Qwen/Qwen2.5-14B',
    shape: { ...qwen2, ...sized([5120, 48, 13_824, 40, 8]) },
  },
  {
    id: 'qwen3-14b',
    title: 'Qwen3 14B',
    source: 'Qwen/Qwen3-14B',
    shape: { ...qwen3, ...sized([5120, 40, 17_408, 40, 8]) },
  },
  {
    id: 'mistral-small-24b',
    title: 'Mistral Small 24B',
    source: 'mistralai/Mistral-Small-24B-Base-2501',
    shape: {
      ...mistral,
      ...sized([5120, 40, 32_768, 32, 8]),
      tokenizer: 'bpe',
      vocabularySize: 131_072,
      ropeFrequencyBase: 100_000_000,
    },
  },
  {
    id: 'gemma-3-27b',
    title: 'Gemma 3 27B',
    source: 'google/gemma-3-27b-it',
    shape: { ...gemma3, ...sized([5376, 62, 21_504, 32, 16]), headLength: 128 },
  },
  {
    id: 'qwen3-30b-a3b',
    title: 'Qwen3 30B-A3B',
    source: 'Qwen/Qwen3-30B-A3B',
    shape: {
      ...qwen3,
      ...sized([2048, 48, 6144, 32, 4]),
      architecture: 'qwen3moe',
      experts: { count: 128, usedCount: 8, feedForwardLength: 768 },
    },
  },
  {
    id: 'qwen2.5-32b',
    title: 'Qwen2.5 32B',
    source: 'Qwen/Qwen2.5-32B',
    shape: { ...qwen2, ...sized([5120, 64, 27_648, 40, 8]) },
  },
  {
    id: 'qwen3-32b',
    title: 'Qwen3 32B',
    source: 'Qwen/Qwen3-32B',
    shape: { ...qwen3, ...sized([5120, 64, 25_600, 64, 8]) },
  },
  {
    id: 'mixtral-8x7b',
    title: 'Mixtral 8x7B',
    source: 'mistralai/Mixtral-8x7B-v0.1',
    shape: {
      ...mistral,
      ...sized([4096, 32, 14_336, 32, 8]),
      vocabularySize: 32_000,
      experts: { count: 8, usedCount: 2, feedForwardLength: 14_336 },
    },
  },
  {
    id: 'llama-3.1-70b',
    title: 'Llama 3.1 70B',
    source: 'meta-llama/Llama-3.1-70B',
    shape: { ...llama3, ...sized([8192, 80, 28_672, 64, 8]) },
  },
  {
    id: 'qwen2.5-72b',
    title: 'Qwen2.5 72B',
    source: 'Qwen/Qwen2.5-72B',
    shape: { ...qwen2, ...sized([8192, 80, 29_568, 64, 8]) },
  },
];

export const findWellKnownShape = (id: string): WellKnownShape | undefined =>
  wellKnownShapes.find((each) => each.id === id.trim().toLowerCase());
