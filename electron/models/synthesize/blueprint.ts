import type { HeaderEntry } from '../gguf/encode-header.ts';
import type { PlannedTensor } from './tensor-plan.ts';

/** A model as its header describes it: all a file of random weights has to say and to hold. Pure data. */
export interface Blueprint {
  /** Where the dimensions come from, for the mark: `shape llama-3.1-8b`, `header of Qwen2.5 7B Instruct`. */
  readonly source: string;
  /** `general.name` of the real model. */
  readonly name: string;
  /** A plain word for file names. */
  readonly slug: string;
  readonly architecture: string;
  /** Label of the types: `Q4_K_M`. */
  readonly type: string;
  readonly layerCount: number;
  readonly contextLength: number;
  /** Cache of one token in F16, all layers. */
  readonly kvBytesPerToken: number;
  /** Experts a token meets over all there are; 1 for a dense model. */
  readonly expertShare: number;
  readonly entries: readonly HeaderEntry[];
  /** In file order. */
  readonly tensors: readonly PlannedTensor[];
}

/** Number of the layer a tensor belongs to; `undefined` outside the layers. */
export const layerOf = (name: string): number | undefined => {
  const match = /^blk\.(\d+)\./.exec(name);
  return match === null ? undefined : Number(match[1]);
};

/** The entries with those of `changes` replaced or added. */
export const withEntries = (
  entries: readonly HeaderEntry[],
  changes: readonly HeaderEntry[],
): readonly HeaderEntry[] => {
  const changed = new Set(changes.map(([key]) => key));
  return [...entries.filter(([key]) => !changed.has(key)), ...changes];
};
