import { bool, text, uint32, type Metadata, type MetadataValue } from './metadata.ts';

/**
 * What a file that Dyno filled with random weights says of itself. The keys are Dyno's own; llama.cpp skips keys it
 * does not know and copies them when it quantizes, so that a synthetic file stays marked whatever is made of it.
 */
export interface SyntheticMark {
  /** Where the dimensions come from: `shape llama-3.1-8b`, `header of Qwen2.5 7B Instruct`. */
  readonly source: string;
  readonly seed: number;
}

const keys = {
  isSynthetic: 'dyno.synthetic',
  source: 'dyno.synthetic.source',
  seed: 'dyno.synthetic.seed',
} as const;

/** The metadata entries to write. */
export const markEntries = ({
  source,
  seed,
}: SyntheticMark): readonly (readonly [string, MetadataValue])[] => [
  [keys.isSynthetic, bool(true)],
  [keys.source, text(source)],
  [keys.seed, uint32(seed)],
];

/** True when the weights are random, so that what the model says has no meaning. */
export const hasSyntheticMark = (metadata: Metadata): boolean => {
  const found = metadata.get(keys.isSynthetic);
  return found?.type === 'bool' && found.value === true;
};
