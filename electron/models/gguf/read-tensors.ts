import type { ByteReader } from './byte-reader.ts';
import { padTo } from './encode-header.ts';
import { badHeader } from './header-errors.ts';
import { headerLimits } from './header-limits.ts';
import type { MetadataReader } from './read-metadata.ts';
import { findRemovedType, findTensorType, type TensorType } from './tensor-types.ts';

/** One tensor as the header describes it. */
export interface GgufTensor {
  readonly name: string;
  /** Elements per dimension, rows first (ggml's `ne`). */
  readonly shape: readonly number[];
  readonly type: TensorType;
  readonly elementCount: number;
  readonly sizeBytes: number;
  /** From the start of the tensor data. */
  readonly offset: number;
}

interface TensorOptions {
  readonly path: string;
  readonly count: number;
  readonly alignment: number;
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

const readShape = async (bytes: ByteReader, path: string, name: string): Promise<readonly number[]> => {
  await bytes.fill(4);
  const dimensions = bytes.uint32();
  if (dimensions > headerLimits.dimensions) {
    throw badHeader(path, `the tensor ${name} has ${dimensions} dimensions`);
  }
  await bytes.fill(8 * dimensions);
  const sizes = Array.from({ length: dimensions }, () => bytes.uint64());
  const elements = sizes.reduce((product, size) => product * size, 1n);
  if (elements === 0n || elements > MAX_SAFE) {
    throw badHeader(path, `the tensor ${name} has an impossible shape (${sizes.join(' × ')})`);
  }
  return sizes.map(Number);
};

const readType = (id: number, path: string, name: string): TensorType => {
  const type = findTensorType(id);
  if (type !== undefined) return type;
  const removed = findRemovedType(id);
  if (removed !== undefined) {
    throw badHeader(
      path,
      `the tensor ${name} has the type ${removed}, which llama.cpp no longer reads`,
      'Get the Q4_0 file of the model; llama.cpp now arranges it for the processor while loading.',
    );
  }
  throw badHeader(
    path,
    `the tensor ${name} has the unknown type ${id}`,
    'A newer llama.cpp may know it: update Dyno, or get another quantization of the model.',
  );
};

/**
 * Reads the tensor infos. Tensors follow each other without gaps, each padded to the alignment: llama.cpp refuses
 * anything else, and so sizes and offsets vouch for each other.
 */
export const readTensorInfos = async (
  bytes: ByteReader,
  values: Pick<MetadataReader, 'string'>,
  { path, count, alignment }: TensorOptions,
): Promise<readonly GgufTensor[]> => {
  const tensors: GgufTensor[] = [];
  const names = new Set<string>();
  let expectedOffset = 0;
  for (let index = 0; index < count; index += 1) {
    const name = await values.string(`the name of tensor ${index + 1}`, headerLimits.tensorNameBytes);
    if (names.has(name)) throw badHeader(path, `the tensor ${name} is there twice`);
    names.add(name);
    const shape = await readShape(bytes, path, name);
    await bytes.fill(12);
    const type = readType(bytes.uint32(), path, name);
    const offset = bytes.uint64();
    const rowElements = shape[0] ?? 1;
    if (rowElements % type.blockElements !== 0) {
      throw badHeader(path, `rows of ${name} (${rowElements}) do not divide into blocks of ${type.name}`);
    }
    if (offset !== BigInt(expectedOffset)) {
      throw badHeader(path, `the tensor ${name} begins at ${offset} instead of ${expectedOffset}`);
    }
    const elementCount = shape.reduce((product, size) => product * size, 1);
    const sizeBytes = (elementCount / type.blockElements) * type.blockBytes;
    expectedOffset += padTo(sizeBytes, alignment);
    if (!Number.isSafeInteger(expectedOffset)) throw badHeader(path, 'its tensors are larger than any disk');
    tensors.push({ name, shape, type, elementCount, sizeBytes, offset: Number(offset) });
  }
  return tensors;
};
