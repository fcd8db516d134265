import { createByteWriter, type ByteWriter } from '../../electron/models/gguf/byte-writer.ts';
import type { MetadataValue } from '../../electron/models/gguf/metadata.ts';

/** One tensor info as raw numbers: anything can be wrong with it. */
export interface RawTensor {
  readonly name: string;
  readonly shape: readonly (number | bigint)[];
  readonly typeId: number;
  readonly offset: number | bigint;
}

interface RawHeader {
  readonly magic?: string;
  readonly version?: number;
  readonly tensorCount?: number | bigint;
  readonly keyCount?: number | bigint;
  readonly keys?: readonly (readonly [string, MetadataValue | ((writer: ByteWriter) => void)])[];
  readonly tensors?: readonly RawTensor[];
  /** Bytes after the header's padding. */
  readonly dataBytes?: number;
}

/** A GGUF file written field by field, so that a test can lie in any one of them. */
export const headerBytes = ({ keys = [], tensors = [], ...header }: RawHeader): Uint8Array => {
  const writer = createByteWriter();
  writer.raw(new TextEncoder().encode(header.magic ?? 'GGUF'));
  writer.scalar('uint32', header.version ?? 3);
  writer.scalar('uint64', BigInt(header.tensorCount ?? tensors.length));
  writer.scalar('uint64', BigInt(header.keyCount ?? keys.length));
  for (const [key, value] of keys) {
    writer.scalar('string', key);
    if (typeof value === 'function') value(writer);
    else writer.metadataValue(value);
  }
  for (const { name, shape, typeId, offset } of tensors) {
    writer.scalar('string', name);
    writer.scalar('uint32', shape.length);
    for (const size of shape) writer.scalar('uint64', BigInt(size));
    writer.scalar('uint32', typeId);
    writer.scalar('uint64', BigInt(offset));
  }
  writer.pad(32);
  writer.raw(new Uint8Array(header.dataBytes ?? 0));
  return writer.toBytes();
};
