import { elementsOf, type TensorSpec } from '../gguf/encode-header.ts';
import type { TensorTypeName } from '../gguf/tensor-types.ts';
import { blockScales, type BlockTypeName } from './block-scales.ts';
import type { RandomSource } from './random-source.ts';

/** How the values of a tensor are drawn: all the same (norms are ones), or normal with deviation `std`. */
export type Distribution =
  { readonly type: 'constant'; readonly value: number } | { readonly type: 'normal'; readonly std: number };

/** A tensor type the generator can write weights in. */
export type WeightTypeName = BlockTypeName | FloatTypeName;
type FloatTypeName = 'F32' | 'F16' | 'BF16';

/** About 1 MiB per piece: 3 ms of work between two writes, so the event loop and an abort are never far. */
const CHUNK_BYTES = 1 << 20;
/**
 * Floats are copied from a pool of Gaussians in runs of this many, each from a random place. No row length is a
 * multiple of it, so that no two rows of a large matrix are the same run.
 */
const RUN_ELEMENTS = 200;

export const isWeightType = (name: TensorTypeName): name is WeightTypeName =>
  name === 'F32' || name === 'F16' || name === 'BF16' || name in blockScales;

/** Random bits whose block scales are set to give deviation `std`. */
function* blockPieces(tensor: TensorSpec, type: BlockTypeName, std: number, random: RandomSource) {
  const { blockBytes, blockElements } = tensor.type;
  const setScale = blockScales[type];
  const blocksPerChunk = Math.floor(CHUNK_BYTES / blockBytes);
  const words = new Uint32Array(Math.ceil((blocksPerChunk * blockBytes) / 4));
  const view = new DataView(words.buffer);
  for (let left = elementsOf(tensor) / blockElements; left > 0; left -= blocksPerChunk) {
    const blocks = Math.min(blocksPerChunk, left);
    random.fill(words.subarray(0, Math.ceil((blocks * blockBytes) / 4)));
    for (let block = 0; block < blocks; block += 1) {
      setScale(view, block * blockBytes, std, (random.uint32() & 1) === 1 ? 1 : -1);
    }
    yield new Uint8Array(words.buffer, 0, blocks * blockBytes);
  }
}

/** `values` as bytes of a float type. */
const encodeFloats = (type: FloatTypeName, values: Float32Array): Uint8Array => {
  switch (type) {
    case 'F32':
      return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    case 'F16':
      return new Uint8Array(Float16Array.from(values).buffer);
    case 'BF16': {
      const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
      return new Uint8Array(Uint16Array.from(bits, (word) => (word + 0x8000) >>> 16).buffer);
    }
  }
};

/** Gaussians in the number format and scale of a tensor; each is encoded once per model. */
export interface WeightPool {
  readonly elements: number;
  encoded(type: FloatTypeName, distribution: Distribution): Uint8Array;
}

/** @param values of mean 0 and deviation 1, many times 200 of them */
export const createWeightPool = (values: Float32Array): WeightPool => {
  const known = new Map<string, Uint8Array>();
  return {
    elements: values.length,
    encoded: (type, distribution) => {
      const scale = distribution.type === 'constant' ? 0 : distribution.std;
      const shift = distribution.type === 'constant' ? distribution.value : 0;
      const key = `${type} ${scale} ${shift}`;
      const bytes =
        known.get(key) ??
        encodeFloats(
          type,
          values.map((value) => value * scale + shift),
        );
      known.set(key, bytes);
      return bytes;
    },
  };
};

/** Runs of the pool: a model of a billion weights costs 65,521 Gaussians. */
function* floatPieces(tensor: TensorSpec, source: Uint8Array, random: RandomSource, poolElements: number) {
  const elementBytes = source.length / poolElements;
  const runBytes = RUN_ELEMENTS * elementBytes;
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (let leftBytes = elementsOf(tensor) * elementBytes; leftBytes > 0; leftBytes -= CHUNK_BYTES) {
    const bytes = Math.min(CHUNK_BYTES, leftBytes);
    for (let at = 0; at < bytes; at += runBytes) {
      const from = (random.uint32() % (poolElements - RUN_ELEMENTS)) * elementBytes;
      chunk.set(source.subarray(from, from + Math.min(runBytes, CHUNK_BYTES - at)), at);
    }
    yield chunk.subarray(0, bytes);
  }
}

/** Yields the data of one tensor in pieces of about 1 MiB. A piece is valid until the next one is taken. */
export const tensorPieces = (
  tensor: TensorSpec,
  type: WeightTypeName,
  distribution: Distribution,
  random: RandomSource,
  pool: WeightPool,
): Iterable<Uint8Array> =>
  type === 'F32' || type === 'F16' || type === 'BF16'
    ? floatPieces(tensor, pool.encoded(type, distribution), random, pool.elements)
    : blockPieces(tensor, type, distribution.type === 'constant' ? 1 : distribution.std, random);
