import {
  assertsEqualHeads,
  assertsFullRope,
  findArchitecture,
  type ArchitectureKind,
} from './architectures.ts';
import { readInteger, readString, toInteger, type Metadata } from './metadata.ts';

/** The dimensions of a model as its metadata give them, by the names of GGUF without the architecture. */
export interface Hyperparameters {
  readonly kind: ArchitectureKind | undefined;
  /** llama.cpp aborts unless keys and values of a head have one length. */
  readonly needsEqualHeads: boolean;
  /** llama.cpp aborts unless RoPE turns whole heads. */
  readonly needsFullRope: boolean;
  /** `block_count`; 0 when missing. */
  readonly layers: number;
  number(name: string): number | undefined;
  text(name: string): string | undefined;
  /** One value per layer; a single value in the file stands for all. `wrong` when its form does not fit. */
  perLayer(name: string): readonly number[] | 'wrong' | undefined;
}

export const readHyperparameters = (metadata: Metadata, architecture: string): Hyperparameters => {
  const at = (name: string) => `${architecture}.${name}`;
  const layers = readInteger(metadata, at('block_count')) ?? 0;
  return {
    kind: findArchitecture(architecture),
    needsEqualHeads: assertsEqualHeads(architecture),
    needsFullRope: assertsFullRope(architecture),
    layers,
    number: (name) => readInteger(metadata, at(name)),
    text: (name) => readString(metadata, at(name)),
    perLayer: (name) => {
      const found = metadata.get(at(name));
      if (found === undefined) return undefined;
      if (found.type !== 'array') {
        const value = toInteger(found.value);
        return value === undefined ? 'wrong' : [value];
      }
      const values = (found.items ?? []).map(toInteger).filter((value) => value !== undefined);
      return values.length === layers ? values : 'wrong';
    },
  };
};
