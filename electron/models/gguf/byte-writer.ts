import { fixedSizeBytes, valueTypeId, type MetadataValue, type Scalar, type ScalarType } from './metadata.ts';

/** Little-endian bytes of a GGUF header, growing as needed. */
export interface ByteWriter {
  readonly length: () => number;
  scalar(type: ScalarType, value: Scalar): void;
  metadataValue(value: MetadataValue): void;
  raw(bytes: Uint8Array): void;
  /** Zeros up to the next multiple of `alignment`. */
  pad(alignment: number): void;
  toBytes(): Uint8Array;
}

export const createByteWriter = (): ByteWriter => {
  const encoder = new TextEncoder();
  let bytes = new Uint8Array(1 << 16);
  let view = new DataView(bytes.buffer);
  let length = 0;

  /** Makes room for `count` bytes and returns where they begin. */
  const take = (count: number): number => {
    if (length + count > bytes.length) {
      const grown = new Uint8Array(Math.max(bytes.length * 2, length + count));
      grown.set(bytes);
      bytes = grown;
      view = new DataView(bytes.buffer);
    }
    const at = length;
    length += count;
    return at;
  };

  const raw = (part: Uint8Array): void => {
    const at = take(part.length); // before `bytes`, which `take` may replace
    bytes.set(part, at);
  };

  const scalar = (type: ScalarType, value: Scalar): void => {
    if (type === 'string') {
      const encoded = encoder.encode(String(value));
      scalar('uint64', BigInt(encoded.length));
      raw(encoded);
      return;
    }
    const at = take(fixedSizeBytes(type));
    const number = Number(value);
    if (type === 'uint8' || type === 'int8' || type === 'bool') view.setUint8(at, number);
    else if (type === 'uint16' || type === 'int16') view.setUint16(at, number, true);
    else if (type === 'uint32' || type === 'int32') view.setUint32(at, number, true);
    else if (type === 'float32') view.setFloat32(at, number, true);
    else if (type === 'float64') view.setFloat64(at, number, true);
    else view.setBigUint64(at, BigInt(value), true);
  };

  return {
    length: () => length,
    scalar,
    raw,
    metadataValue: (value) => {
      scalar('uint32', valueTypeId(value.type));
      if (value.type !== 'array') {
        scalar(value.type, value.value);
        return;
      }
      scalar('uint32', valueTypeId(value.itemType));
      scalar('uint64', BigInt(value.count));
      for (const item of value.items ?? []) scalar(value.itemType, item);
    },
    pad: (alignment) => void take((alignment - (length % alignment)) % alignment),
    toBytes: () => bytes.subarray(0, length),
  };
};
