import { elementsOf, type TensorSpec } from '../gguf/encode-header.ts';
import type { TensorTypeName } from '../gguf/tensor-types.ts';
import { blockScales, type BlockTypeName } from './block-scales.ts';
import type { RandomSource } from './random-source.ts';

/** How the values of a tensor are drawn: all ones (norms), or normal with deviation `std`. */
export type Distribution = { readonly type: 'ones' } | { readonly type: 'normal'; readonly std: number };

/** A tensor type the generator can write weights in. */
export type WeightTypeName = BlockTypeName | FloatTypeName;
type FloatTypeName = 'F32' | 'F16' | 'BF16';

/** About 1 MiB per piece: 3 ms of work between two writes, so the event loop and an abort are never far. */
const CHUNK_BYTES = 1 << 20;
/** Floats are copied from a pool of Gaussians in runs of this many, each from a random place. */
const RUN_ELEMENTS = 256;

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

/** Runs of the scaled pool: a model of a billion weights costs 262,139 Gaussians. */
function* floatPieces(
  tensor: TensorSpec,
  type: FloatTypeName,
  distribution: Distribution,
  random: RandomSource,
  pool: Float32Array,
) {
  const scale = distribution.type === 'ones' ? 0 : distribution.std;
  const shift = distribution.type === 'ones' ? 1 : 0;
  const source = encodeFloats(
    type,
    pool.map((value) => value * scale + shift),
  );
  const elementBytes = source.length / pool.length;
  const runBytes = RUN_ELEMENTS * elementBytes;
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (let leftBytes = elementsOf(tensor) * elementBytes; leftBytes > 0; leftBytes -= CHUNK_BYTES) {
    const bytes = Math.min(CHUNK_BYTES, leftBytes);
    for (let at = 0; at < bytes; at += runBytes) {
      const from = (random.uint32() % (pool.length - RUN_ELEMENTS)) * elementBytes;
      chunk.set(source.subarray(from, from + runBytes), at);
    }
    yield chunk.subarray(0, bytes);
  }
}

/**
 * Yields the data of one tensor in pieces of about 1 MiB. A piece is valid until the next one is taken.
 * @param pool Gaussians of deviation 1, at least a few times 256.
 */
export const tensorPieces = (
  tensor: TensorSpec,
  type: WeightTypeName,
  distribution: Distribution,
  random: RandomSource,
  pool: Float32Array,
): Iterable<Uint8Array> =>
  type === 'F32' || type === 'F16' || type === 'BF16'
    ? floatPieces(tensor, type, distribution, random, pool)
    : blockPieces(tensor, type, distribution.type === 'ones' ? 1 : distribution.std, random);
