import { createByteWriter } from './byte-writer.ts';
import type { MetadataValue } from './metadata.ts';
import type { TensorType } from './tensor-types.ts';

/** The version all current tools write. Version 2 differs in nothing that is read here; version 1 had 32-bit lengths. */
export const GGUF_VERSION = 3;
export const GGUF_MAGIC = 'GGUF';
/** Tensor data begin at multiples of this unless `general.alignment` says otherwise. */
export const DEFAULT_ALIGNMENT = 32;

/** One tensor to be written: its rows are `shape[0]` elements long, fastest dimension first, as in the file. */
export interface TensorSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: TensorType;
}

/** A value as bytes of the file, its type number included: what is copied from one header into another unread. */
export interface EncodedValue {
  readonly type: 'encoded';
  readonly bytes: Uint8Array;
}

/** A key of the metadata with its value. */
export type HeaderEntry = readonly [key: string, value: MetadataValue | EncodedValue];

export const elementsOf = (tensor: Pick<TensorSpec, 'shape'>): number =>
  tensor.shape.reduce((product, size) => product * size, 1);

/** Bytes of a tensor's data without padding. */
export const tensorBytes = (tensor: Pick<TensorSpec, 'shape' | 'type'>): number =>
  (elementsOf(tensor) / tensor.type.blockElements) * tensor.type.blockBytes;

export const padTo = (value: number, alignment: number): number => Math.ceil(value / alignment) * alignment;

/**
 * Header of a GGUF file up to the first byte of tensor data: magic, version, counts, metadata, tensor infos, padding.
 * Tensors follow each other in the given order, each padded to the default alignment; llama.cpp refuses gaps.
 */
export const encodeHeader = (
  metadata: readonly HeaderEntry[],
  tensors: readonly TensorSpec[],
): Uint8Array => {
  const writer = createByteWriter();
  writer.raw(new TextEncoder().encode(GGUF_MAGIC));
  writer.scalar('uint32', GGUF_VERSION);
  writer.scalar('uint64', BigInt(tensors.length));
  writer.scalar('uint64', BigInt(metadata.length));
  for (const [key, value] of metadata) {
    writer.scalar('string', key);
    if (value.type === 'encoded') writer.raw(value.bytes);
    else writer.metadataValue(value);
  }
  let offset = 0;
  for (const tensor of tensors) {
    writer.scalar('string', tensor.name);
    writer.scalar('uint32', tensor.shape.length);
    for (const size of tensor.shape) writer.scalar('uint64', BigInt(size));
    writer.scalar('uint32', tensor.type.id);
    writer.scalar('uint64', BigInt(offset));
    offset += padTo(tensorBytes(tensor), DEFAULT_ALIGNMENT);
  }
  writer.pad(DEFAULT_ALIGNMENT);
  return writer.toBytes();
};
