/**
 * Names of split models: `<base>-00002-of-00005.gguf` (llama.cpp, `llama_split_path`). llama.cpp loads the first part
 * and finds the others by name.
 */
const partPattern = /^(?<base>.*)-(?<number>\d{5})-of-(?<count>\d{5})\.gguf$/i;

export interface PartName {
  /** Path up to the number. */
  readonly base: string;
  /** From 1. */
  readonly number: number;
  readonly count: number;
}

/** What the file name says about a part; `undefined` for an unsplit file. */
export const readPartName = (path: string): PartName | undefined => {
  const groups = partPattern.exec(path)?.groups;
  if (groups === undefined) return undefined;
  const number = Number(groups['number']);
  const count = Number(groups['count']);
  if (number < 1 || count < 1 || number > count) return undefined;
  return { base: groups['base'] ?? '', number, count };
};

const fiveDigits = (value: number): string => String(value).padStart(5, '0');

/** Path of part `number` (from 1) of `count`; `path` is the plain name or that of any part. */
export const partPath = (path: string, number: number, count: number): string => {
  const base = readPartName(path)?.base ?? path.replace(/\.gguf$/i, '');
  return `${base}-${fiveDigits(number)}-of-${fiveDigits(count)}.gguf`;
};

/** Path of the first part, which llama.cpp loads a split model by; an unsplit path stays as it is. */
export const firstPartPath = (path: string): string => {
  const name = readPartName(path);
  return name === undefined ? path : partPath(path, 1, name.count);
};
