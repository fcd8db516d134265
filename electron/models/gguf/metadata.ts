/** Value types of GGUF metadata by name → id in the file. Source: `enum gguf_type` in gguf.h of llama.cpp v0.5.0. */
export const valueTypeIds = {
  uint8: 0,
  int8: 1,
  uint16: 2,
  int16: 3,
  uint32: 4,
  int32: 5,
  float32: 6,
  bool: 7,
  string: 8,
  array: 9,
  uint64: 10,
  int64: 11,
  float64: 12,
} as const;

export type ScalarType = Exclude<keyof typeof valueTypeIds, 'array'>;

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
