import koffi from 'koffi';
import { z } from 'zod';

/** A key the quantizer writes into the new file, in place of what the source says. */
export interface KeyOverride {
  readonly key: string;
  readonly value: string | number;
}

/** Addresses for `llama_model_quantize_params`. */
export interface NativeWeighting {
  readonly columns: bigint;
  readonly keys: bigint;
}

/** `llama_model_imatrix_data` in include/llama.h of llama.cpp v0.5.0: name, values, how many; a null name ends the list. */
const entryBytes = 24;
/** `llama_model_kv_override` there: tag, key[128], padding, then a number or text[128]; an empty key ends the list. */
const override = { bytes: 264, key: 4, value: 136, textBytes: 128 } as const;
/** `LLAMA_KV_OVERRIDE_TYPE_*`. */
const tags = { integer: 0, text: 3 } as const;

const pointerSchema = z.bigint().positive();

/** Copies bytes into memory of the C heap, which nothing moves and nothing frees. */
const place = (bytes: Uint8Array): bigint => {
  const pointer = pointerSchema.parse(koffi.alloc('uint8_t', Math.max(1, bytes.length)));
  koffi.encode(pointer, koffi.array('uint8_t', bytes.length, 'Typed'), bytes);
  return pointer;
};

/** As much of a text as fits with its closing zero, cut between characters. */
const clipped = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  let end = Math.min(bytes.length, override.textBytes - 1);
  while (end > 0 && end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
};

const encodeKeys = (keys: readonly KeyOverride[]): Buffer => {
  const list = Buffer.alloc((keys.length + 1) * override.bytes);
  for (const [index, { key, value }] of keys.entries()) {
    const at = index * override.bytes;
    clipped(key).copy(list, at + override.key);
    if (typeof value === 'number') {
      list.writeInt32LE(tags.integer, at);
      list.writeBigInt64LE(BigInt(value), at + override.value);
    } else {
      list.writeInt32LE(tags.text, at);
      clipped(value).copy(list, at + override.value);
    }
  }
  return list;
};

/** Lays column weights and keys out as `llama_model_quantize` reads them. */
export const placeWeighting = (
  columns: ReadonlyMap<string, Float32Array>,
  keys: readonly KeyOverride[],
): NativeWeighting => {
  const list = Buffer.alloc((columns.size + 1) * entryBytes);
  let at = 0;
  for (const [name, values] of columns) {
    list.writeBigUInt64LE(place(Buffer.from(`${name}\0`)), at);
    list.writeBigUInt64LE(place(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)), at + 8);
    list.writeBigUInt64LE(BigInt(values.length), at + 16);
    at += entryBytes;
  }
  return { columns: place(list), keys: place(encodeKeys(keys)) };
};
