import type { ByteReader } from './byte-reader.ts';
import { badHeader, truncated } from './header-errors.ts';
import { headerLimits } from './header-limits.ts';
import {
  findValueType,
  fixedSizeBytes,
  type ArrayValue,
  type MetadataValue,
  type Scalar,
  type ScalarType,
} from './metadata.ts';

export interface MetadataReader {
  /** A length-prefixed string of at most `limitBytes`; `what` names it in an error. */
  string(what: string, limitBytes: number): Promise<string>;
  /** Type and value that follow a key. */
  value(key: string): Promise<MetadataValue>;
}

interface MetadataReaderOptions {
  readonly path: string;
  readonly sizeBytes: number;
  /** Gets every token text, one character per byte. */
  readonly onToken?: ((token: string) => void) | undefined;
}

/** Reads strings and values; every length is checked against the limits and the file before it is believed. */
export const createMetadataReader = (bytes: ByteReader, options: MetadataReaderOptions): MetadataReader => {
  const { path, sizeBytes, onToken } = options;
  let keptBytes = 0;

  /** Refuses what no header holds; a length a sane header could have tells of a cut file instead. */
  const demand = (neededBytes: number, what: string): void => {
    const end = bytes.position() + neededBytes;
    if (end > headerLimits.headerBytes) throw badHeader(path, `${what} claims ${neededBytes} bytes`);
    if (end > sizeBytes) throw truncated(path, sizeBytes, end, true);
  };

  /** Checks a length just read, and that the bytes it announces are there. */
  const checked = (length: bigint, what: string, limitBytes: number = headerLimits.headerBytes): number => {
    if (length > BigInt(limitBytes)) throw badHeader(path, `${what} claims ${length} bytes`);
    const count = Number(length);
    demand(count, what);
    return count;
  };

  const length = async (what: string, limitBytes?: number): Promise<number> => {
    await bytes.fill(8);
    return checked(bytes.uint64(), what, limitBytes);
  };

  const keptText = async (count: number): Promise<string> => {
    keptBytes += count;
    if (keptBytes > headerLimits.keptBytes) throw badHeader(path, 'its metadata hold over 32 MiB of text');
    await bytes.fill(count);
    return bytes.text(count);
  };

  const string = async (what: string, limitBytes: number) => keptText(await length(what, limitBytes));

  /** A string value, cut to the part that is kept. */
  const stringValue = async (what: string): Promise<string> => {
    const count = await length(what);
    const value = await keptText(Math.min(count, headerLimits.keptStringBytes));
    bytes.skip(Math.max(0, count - headerLimits.keptStringBytes));
    return value;
  };

  const scalarValue = async (type: ScalarType, what: string): Promise<Scalar> => {
    if (type === 'string') return stringValue(what);
    await bytes.fill(fixedSizeBytes(type));
    return bytes.scalar(type);
  };

  /** Walks over `count` strings. Awaits only at the window's end: 0.1 µs an item instead of 1. */
  const passStrings = async (key: string, count: number, act?: (text: string) => void): Promise<void> => {
    const what = `an item of ${key}`;
    const limitBytes = act === undefined ? headerLimits.headerBytes : headerLimits.keyBytes;
    for (let index = 0; index < count; index += 1) {
      if (!bytes.has(8)) await bytes.fill(8);
      const size = checked(bytes.uint64(), what, limitBytes);
      if (act === undefined) {
        bytes.skip(size);
        continue;
      }
      if (!bytes.has(size)) await bytes.fill(size);
      act(bytes.latin1(size));
    }
  };

  const arrayValue = async (key: string): Promise<ArrayValue> => {
    await bytes.fill(12);
    const itemType = findValueType(bytes.uint32());
    if (itemType === undefined || itemType === 'array') {
      throw badHeader(path, `${key} is an array of a type llama.cpp does not read`);
    }
    const itemBytes = itemType === 'string' ? 8 : fixedSizeBytes(itemType);
    const claimed = bytes.uint64();
    if (claimed > BigInt(headerLimits.headerBytes)) throw badHeader(path, `${key} claims ${claimed} items`);
    const count = Number(claimed);
    demand(count * itemBytes, key);
    const isVocabulary = key === 'tokenizer.ggml.tokens' && itemType === 'string' && onToken !== undefined;
    if (isVocabulary || count > headerLimits.keptItems) {
      if (itemType === 'string') await passStrings(key, count, isVocabulary ? onToken : undefined);
      else bytes.skip(count * itemBytes);
      return { type: 'array', itemType, count, items: null };
    }
    const items: Scalar[] = [];
    for (let index = 0; index < count; index += 1) items.push(await scalarValue(itemType, key));
    return { type: 'array', itemType, count, items };
  };

  return {
    string,
    value: async (key) => {
      await bytes.fill(4);
      const type = findValueType(bytes.uint32());
      if (type === undefined) throw badHeader(path, `${key} has an unknown value type`);
      if (type === 'array') return arrayValue(key);
      return { type, value: await scalarValue(type, key) };
    },
  };
};
