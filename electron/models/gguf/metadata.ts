/**
 * Value types of GGUF metadata; the place in the list is the id in the file.
 * Source: `enum gguf_type` in gguf.h of llama.cpp v0.5.0.
 */
const valueTypes = [
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'float32',
  'bool',
  'string',
  'array',
  'uint64',
  'int64',
  'float64',
] as const;

type ValueType = (typeof valueTypes)[number];

/** Name of a value type by its id in the file; `undefined` for an id that is none. */
export const findValueType = (id: number): ValueType | undefined => valueTypes[id];

export const valueTypeId = (type: ValueType): number => valueTypes.indexOf(type);

const sizesBytes: Readonly<Record<Exclude<ScalarType, 'string'>, number>> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  bool: 1,
  uint64: 8,
  int64: 8,
  float64: 8,
};

/** Bytes of one value of a type that has a fixed size. */
export const fixedSizeBytes = (type: Exclude<ScalarType, 'string'>): number => sizesBytes[type];

export type ScalarType = Exclude<ValueType, 'array'>;

/** 64-bit integers are `bigint`; all other numbers fit a `number`. */
export type Scalar = number | bigint | boolean | string;

export interface ScalarValue {
  readonly type: ScalarType;
  readonly value: Scalar;
}

export interface ArrayValue {
  readonly type: 'array';
  readonly itemType: ScalarType;
  readonly count: number;
  /** `null` when the array is too long to keep: a vocabulary has 150,000 entries nobody reads here. */
  readonly items: readonly Scalar[] | null;
}

export type MetadataValue = ScalarValue | ArrayValue;
export type Metadata = ReadonlyMap<string, MetadataValue>;

export const uint32 = (value: number): ScalarValue => ({ type: 'uint32', value });
export const uint16 = (value: number): ScalarValue => ({ type: 'uint16', value });
export const int32 = (value: number): ScalarValue => ({ type: 'int32', value });
export const float32 = (value: number): ScalarValue => ({ type: 'float32', value });
export const bool = (value: boolean): ScalarValue => ({ type: 'bool', value });
export const text = (value: string): ScalarValue => ({ type: 'string', value });
export const arrayOf = (itemType: ScalarType, items: readonly Scalar[]): ArrayValue => ({
  type: 'array',
  itemType,
  count: items.length,
  items,
});

/** A whole number under `key`, whatever integer type the file gave it; `undefined` when missing or of another type. */
export const readInteger = (metadata: Metadata, key: string): number | undefined => {
  const found = metadata.get(key);
  if (found === undefined || found.type === 'array') return undefined;
  return toInteger(found.value);
};

/** A number or bigint as a safe integer; `undefined` for anything else. */
export const toInteger = (value: Scalar): number | undefined => {
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
};

export const readString = (metadata: Metadata, key: string): string | undefined => {
  const found = metadata.get(key);
  return found?.type === 'string' && typeof found.value === 'string' ? found.value : undefined;
};
