/**
 * Bounds no real file comes near, so that a hostile one can neither fill the memory nor keep us or llama.cpp busy
 * (which compares every key and every tensor name with all others).
 */
export const headerLimits = {
  /** The header of a model with 262,144 tokens has 16 MiB. */
  headerBytes: 256 * 1024 ** 2,
  keys: 16_384,
  tensors: 65_536,
  /** The format's own bound. */
  keyBytes: 65_535,
  /** llama.cpp: GGML_MAX_NAME − 1. */
  tensorNameBytes: 63,
  /** llama.cpp: GGML_MAX_DIMS. */
  dimensions: 4,
  /** Longer strings are cut; some files carry a whole tokenizer.json of 10 MiB. */
  keptStringBytes: 1024 ** 2,
  /** Metadata kept in memory, all strings together. */
  keptBytes: 32 * 1024 ** 2,
  /** Arrays up to this length are kept; llama.cpp knows at most 512 layers. */
  keptItems: 1024,
} as const;
