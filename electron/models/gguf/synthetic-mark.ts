import { bool, text, uint32, type Metadata, type MetadataValue } from './metadata.ts';

/**
 * What a file that Dyno filled with random weights says of itself. The keys are Dyno's own; llama.cpp skips keys it
 * does not know and copies them when it quantizes, so that a synthetic file stays marked whatever is made of it.
 */
export interface SyntheticMark {
  /** Where the dimensions come from: `shape llama-3.1-8b`, `header of Qwen2.5 7B Instruct`. */
  readonly source: string;
  readonly seed: number;
  /** Layers of the whole model where the file has fewer. */
  readonly wholeLayerCount?: number | undefined;
}

const keys = {
  isSynthetic: 'dyno.synthetic',
  source: 'dyno.synthetic.source',
  seed: 'dyno.synthetic.seed',
  wholeLayerCount: 'dyno.synthetic.whole_block_count',
} as const;

/** Keys of an earlier mark, which a file made from a synthetic one does not keep. */
export const isMarkKey = (key: string): boolean => key.startsWith(keys.isSynthetic);

/** The metadata entries to write. */
export const markEntries = ({
  source,
  seed,
  wholeLayerCount,
}: SyntheticMark): readonly (readonly [string, MetadataValue])[] => [
  [keys.isSynthetic, bool(true)],
  [keys.source, text(source)],
  [keys.seed, uint32(seed)],
  ...(wholeLayerCount === undefined ? [] : ([[keys.wholeLayerCount, uint32(wholeLayerCount)]] as const)),
];

/** True when the weights are random, so that what the model says has no meaning. */
export const hasSyntheticMark = (metadata: Metadata): boolean => {
  const found = metadata.get(keys.isSynthetic);
  return found?.type === 'bool' && found.value === true;
};
