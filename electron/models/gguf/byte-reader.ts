import { AppError } from '../../../shared/errors/app-error.ts';
import type { FileReader } from '../../platform/ports.ts';
import { truncated } from './header-errors.ts';
import type { Scalar, ScalarType } from './metadata.ts';

/**
 * Little-endian values from a file, through a sliding window. `await fill(n)` once, then read up to n bytes without
 * waiting: a vocabulary has 300,000 strings, and a promise for each would cost more than the reading.
 */
export interface ByteReader {
  /** Byte offset of the next value in the file. */
  position(): number;
  remainingBytes(): number;
  /** True when `count` bytes can be read without `fill`. */
  has(count: number): boolean;
  /** @throws AppError `models.truncated` at the end of the file, `app.cancelled` */
  fill(count: number): Promise<void>;
  uint32(): number;
  uint64(): bigint;
  /** A value of a type with a fixed size. */
  scalar(type: Exclude<ScalarType, 'string'>): Scalar;
  /** `count` bytes as UTF-8; broken sequences become U+FFFD. */
  text(count: number): string;
  /** `count` bytes, one character each: an exact key of the bytes, cheaper than decoding. */
  latin1(count: number): string;
  /** @throws AppError `models.truncated` */
  skip(count: number): void;
}

const WINDOW_BYTES = 256 * 1024;

export const createByteReader = (file: FileReader, path: string, signal?: AbortSignal): ByteReader => {
  const decoder = new TextDecoder();
  let window: Buffer = Buffer.alloc(0);
  let windowStart = 0;
  let at = 0; // within the window

  const position = () => windowStart + at;
  const take = (count: number): number => {
    const from = at;
    at += count;
    return from;
  };
  const demand = (count: number): void => {
    const end = position() + count;
    if (end > file.sizeBytes) throw truncated(path, file.sizeBytes, end, true);
  };

  return {
    position,
    remainingBytes: () => file.sizeBytes - position(),
    has: (count) => window.length - at >= count,
    fill: async (count) => {
      if (window.length - at >= count) return;
      if (signal?.aborted === true) throw new AppError('app.cancelled');
      demand(count);
      const start = position();
      const bytes = await file.read(start, Math.max(count, WINDOW_BYTES));
      if (bytes.length < count) throw truncated(path, start + bytes.length, start + count, true);
      window = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      windowStart = start;
      at = 0;
    },
    uint32: () => window.readUInt32LE(take(4)),
    uint64: () => window.readBigUInt64LE(take(8)),
    scalar: (type) => {
      switch (type) {
        case 'uint8':
          return window.readUInt8(take(1));
        case 'int8':
          return window.readInt8(take(1));
        case 'bool':
          return window.readUInt8(take(1)) !== 0;
        case 'uint16':
          return window.readUInt16LE(take(2));
        case 'int16':
          return window.readInt16LE(take(2));
        case 'uint32':
          return window.readUInt32LE(take(4));
        case 'int32':
          return window.readInt32LE(take(4));
        case 'float32':
          return window.readFloatLE(take(4));
        case 'float64':
          return window.readDoubleLE(take(8));
        case 'uint64':
          return window.readBigUInt64LE(take(8));
        case 'int64':
          return window.readBigInt64LE(take(8));
      }
    },
    text: (count) => {
      const from = take(count);
      return decoder.decode(window.subarray(from, from + count));
    },
    latin1: (count) => {
      const from = take(count);
      return window.toString('latin1', from, from + count);
    },
    skip: (count) => {
      if (window.length - at >= count) {
        at += count;
        return;
      }
      demand(count);
      windowStart = position() + count;
      window = Buffer.alloc(0);
      at = 0;
    },
  };
};
