/** Dimensions of a generated model; the names are those of GGUF metadata. */
export interface ModelShape {
  readonly architecture: 'llama' | 'qwen2' | 'qwen3' | 'qwen3moe' | 'gemma3';
  readonly embeddingLength: number;
  readonly blockCount: number;
  readonly feedForwardLength: number;
  readonly headCount: number;
  readonly headCountKv: number;
  readonly headLength: number;
  readonly vocabularySize: number;
  readonly tokenizer: 'bpe' | 'spm';
  readonly contextLength: number;
  /** The token embedding is the output matrix, too. */
  readonly hasTiedOutput: boolean;
  readonly ropeFrequencyBase: number;
  readonly normEpsilon: number;
  /** gemma3: layers that see only this many tokens back. */
  readonly slidingWindow?: number;
  /** Mixture of experts: qwen3moe, and llama (Mixtral). */
  readonly experts?: {
    readonly count: number;
    readonly usedCount: number;
    readonly feedForwardLength: number;
  };
}

const tiny = {
  architecture: 'llama',
  embeddingLength: 256,
  blockCount: 2,
  feedForwardLength: 768,
  headCount: 4,
  headCountKv: 2,
  headLength: 64,
  vocabularySize: 4096,
  tokenizer: 'bpe',
  contextLength: 8192,
  hasTiedOutput: false,
  ropeFrequencyBase: 10_000,
  normEpsilon: 1e-5,
} as const satisfies ModelShape;

/**
 * Named shapes. The tiny ones have 2 to 6 million weights and load in milliseconds; `nano` (0.2 million) measures the
 * cost around llama.cpp; the larger ones have the shape of models people run.
 */
export const modelShapes = {
  nano: {
    ...tiny,
    embeddingLength: 128,
    blockCount: 1,
    feedForwardLength: 256,
    headCount: 2,
    headCountKv: 1,
    vocabularySize: 512,
    hasTiedOutput: true,
  },
  tiny,
  'tiny-spm': { ...tiny, tokenizer: 'spm' },
  'tiny-qwen2': { ...tiny, architecture: 'qwen2', hasTiedOutput: true },
  'tiny-qwen3': { ...tiny, architecture: 'qwen3', hasTiedOutput: true },
  'tiny-gemma3': {
    ...tiny,
    architecture: 'gemma3',
    blockCount: 6,
    tokenizer: 'spm',
    hasTiedOutput: true,
    slidingWindow: 512,
  },
  'tiny-moe': {
    ...tiny,
    architecture: 'qwen3moe',
    hasTiedOutput: true,
    experts: { count: 8, usedCount: 2, feedForwardLength: 256 },
  },
  /** Qwen2.5-0.5B: rows of 896 are no multiple of 256, so K types fall back on most matrices, as in real files. */
  'qwen2-0.5b': {
    ...tiny,
    architecture: 'qwen2',
    embeddingLength: 896,
    blockCount: 24,
    feedForwardLength: 4864,
    headCount: 14,
    vocabularySize: 151_936,
    contextLength: 32_768,
    hasTiedOutput: true,
    ropeFrequencyBase: 1_000_000,
    normEpsilon: 1e-6,
  },
  /** Half a billion weights in rows every K type can hold. */
  'llama-0.5b': {
    ...tiny,
    embeddingLength: 1280,
    blockCount: 22,
    feedForwardLength: 3840,
    headCount: 20,
    headCountKv: 4,
    vocabularySize: 32_000,
    tokenizer: 'spm',
    contextLength: 32_768,
  },
  /** TinyLlama-1.1B. */
  'llama-1.1b': {
    ...tiny,
    embeddingLength: 2048,
    blockCount: 22,
    feedForwardLength: 5632,
    headCount: 32,
    headCountKv: 4,
    vocabularySize: 32_000,
    tokenizer: 'spm',
    contextLength: 32_768,
  },
} as const satisfies Readonly<Record<string, ModelShape>>;

export type ModelShapeName = keyof typeof modelShapes;
