import type { FileReader } from '../../platform/ports.ts';
import { createByteReader, type ByteReader } from './byte-reader.ts';
import { DEFAULT_ALIGNMENT, GGUF_MAGIC, GGUF_VERSION, padTo } from './encode-header.ts';
import { badHeader, notGguf, truncated } from './header-errors.ts';
import { headerLimits } from './header-limits.ts';
import type { Metadata, MetadataValue } from './metadata.ts';
import { createMetadataReader } from './read-metadata.ts';
import { readTensorInfos, type GgufTensor } from './read-tensors.ts';

/** All a GGUF file says about itself; weights are never read. */
export interface GgufHeader {
  readonly path: string;
  readonly version: number;
  readonly metadata: Metadata;
  readonly tensors: readonly GgufTensor[];
  /** Byte offset of the first tensor. */
  readonly dataOffset: number;
  readonly fileBytes: number;
  /** Bytes the file must have for all its tensors. */
  readonly neededBytes: number;
}

interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Gets every token of the vocabulary, one character per byte. */
  readonly onToken?: ((token: string) => void) | undefined;
  /** Gets the bytes of every value in the file, its type number included. */
  readonly onSpan?: ((key: string, startByte: number, endByte: number) => void) | undefined;
}

const readMagic = async (bytes: ByteReader, path: string): Promise<void> => {
  if (bytes.remainingBytes() < 4) throw notGguf(path, `${bytes.remainingBytes()} bytes and an end`);
  await bytes.fill(4);
  const magic = bytes.latin1(4);
  if (magic === GGUF_MAGIC) return;
  const shown = /^[\x20-\x7e]{4}$/.test(magic) ? `"${magic}"` : Buffer.from(magic, 'latin1').toString('hex');
  throw notGguf(path, shown);
};

const readVersion = async (bytes: ByteReader, path: string): Promise<number> => {
  await bytes.fill(4);
  const version = bytes.uint32();
  if (version === GGUF_VERSION || version === 2) return version;
  if ((version & 0xffff) === 0 && version !== 0) {
    throw badHeader(
      path,
      'it was written for a big-endian machine',
      'Get the little-endian file of the model.',
    );
  }
  const older = version < 2;
  throw badHeader(
    path,
    `it has format version ${version}; llama.cpp reads 2 and 3`,
    older
      ? 'Convert the model again with a current llama.cpp.'
      : 'Update Dyno, or get an older file of the model.',
  );
};

/** A count that neither breaks the limit nor needs more bytes than the file has left. */
const readCount = (bytes: ByteReader, path: string, what: string, limit: number): number => {
  const count = bytes.uint64();
  if (count > BigInt(limit)) throw badHeader(path, `it claims ${count} ${what}`);
  return Number(count);
};

/** Smallest key with a value, and smallest tensor info without dimensions, in bytes. */
const MIN_KEY_BYTES = 8 + 1 + 4 + 1;
const MIN_TENSOR_BYTES = 8 + 1 + 4 + 4 + 8;

const readAlignment = (metadata: Metadata, path: string): number => {
  const found = metadata.get('general.alignment');
  if (found === undefined) return DEFAULT_ALIGNMENT;
  const value = found.type === 'uint32' ? Number(found.value) : 0;
  const isPowerOfTwo = value > 0 && (value & (value - 1)) === 0;
  if (!isPowerOfTwo || value > 1 << 24) throw badHeader(path, 'general.alignment is no power of two');
  return value;
};

/**
 * Reads and checks the header of one GGUF file. What comes back is safe to compute with: sizes do not overflow, tensor
 * data are contiguous and aligned, names are unique. Whether the file is long enough for it is `neededBytes`.
 * @throws AppError `models.not-gguf`, `models.bad-header`, `models.truncated` (cut within the header), `app.cancelled`
 */
export const readGgufHeader = async (
  file: FileReader,
  path: string,
  options: ReadOptions = {},
): Promise<GgufHeader> => {
  const bytes = createByteReader(file, path, options.signal);
  await readMagic(bytes, path);
  const version = await readVersion(bytes, path);
  await bytes.fill(16);
  const tensorCount = readCount(bytes, path, 'tensors', headerLimits.tensors);
  const keyCount = readCount(bytes, path, 'metadata keys', headerLimits.keys);
  const leastBytes = bytes.position() + keyCount * MIN_KEY_BYTES + tensorCount * MIN_TENSOR_BYTES;
  if (leastBytes > file.sizeBytes) throw truncated(path, file.sizeBytes, leastBytes, true);

  const values = createMetadataReader(bytes, { path, sizeBytes: file.sizeBytes, onToken: options.onToken });
  const metadata = new Map<string, MetadataValue>();
  for (let index = 0; index < keyCount; index += 1) {
    const key = await values.string(`key ${index + 1}`, headerLimits.keyBytes);
    if (key === '') throw badHeader(path, `key ${index + 1} is empty`);
    if (metadata.has(key)) throw badHeader(path, `the key ${key} is there twice`);
    const startByte = bytes.position();
    metadata.set(key, await values.value(key));
    options.onSpan?.(key, startByte, bytes.position());
  }
  const alignment = readAlignment(metadata, path);
  const tensors = await readTensorInfos(bytes, values, { path, count: tensorCount, alignment });
  const dataOffset = padTo(bytes.position(), alignment);
  const last = tensors.at(-1);
  return {
    path,
    version,
    metadata,
    tensors,
    dataOffset,
    fileBytes: file.sizeBytes,
    neededBytes: last === undefined ? bytes.position() : dataOffset + last.offset + last.sizeBytes,
  };
};
