import { describe, expect, it } from 'vitest';
import {
  fallbackType,
  fileTypes,
  findFileType,
  findFileTypeByName,
} from '../../../../electron/models/gguf/file-types.ts';
import { partPath, readPartName } from '../../../../electron/models/gguf/parts.ts';
import {
  bitsPerElement,
  findRemovedType,
  findTensorType,
  findTensorTypeByName,
  tensorTypes,
} from '../../../../electron/models/gguf/tensor-types.ts';

describe('the table of tensor types', () => {
  it('has each id and each name once', () => {
    const ids = new Set(tensorTypes.map(({ id }) => id));
    const names = new Set(tensorTypes.map(({ name }) => name));
    expect([ids.size, names.size]).toEqual([tensorTypes.length, tensorTypes.length]);
  });

  it('gives the bits per weight llama.cpp prints for its recipes', () => {
    const bits = Object.fromEntries(tensorTypes.map((type) => [type.name, bitsPerElement(type)]));
    expect(bits).toMatchObject({
      F16: 16,
      Q8_0: 8.5,
      Q6_K: 6.5625,
      Q4_K: 4.5,
      Q4_0: 4.5,
      IQ4_XS: 4.25,
      IQ3_S: 3.4375,
      IQ2_XXS: 2.0625,
      IQ1_S: 1.5625,
      IQ1_M: 1.75,
      TQ1_0: 1.6875,
      TQ2_0: 2.0625,
      MXFP4: 4.25,
      NVFP4: 4.5,
    });
  });

  it('tells a removed type from one that never was', () => {
    expect([findTensorType(31), findRemovedType(31), findRemovedType(12), findTensorType(99)]).toEqual([
      undefined,
      'Q4_0_4_4',
      undefined,
      undefined,
    ]);
    expect(findTensorTypeByName('Q4_K')?.id).toBe(12);
  });
});

describe('the table of file types', () => {
  it('names a base type of the tensor table for every recipe', () => {
    for (const { baseType } of fileTypes) expect(findTensorTypeByName(baseType)?.name).toBe(baseType);
  });

  it('finds a recipe by number, also where llama.cpp marked it as guessed, and by name in any case', () => {
    expect([findFileType(15)?.name, findFileType(1024 + 15)?.name, findFileType(4)]).toEqual([
      'Q4_K_M',
      'Q4_K_M',
      undefined,
    ]);
    expect(findFileTypeByName('q5_k_m')?.ftype).toBe(17);
  });

  it('falls back to types with smaller blocks', () => {
    for (const { baseType } of fileTypes) {
      const from = findTensorTypeByName(baseType)?.blockElements ?? 0;
      const to = findTensorTypeByName(fallbackType(baseType))?.blockElements ?? 0;
      if (from > 1) expect(to).toBeLessThan(from);
    }
  });
});

describe('names of split files', () => {
  it('are read and written the way llama.cpp does', () => {
    expect(readPartName('/m/a-00002-of-00005.gguf')).toEqual({ base: '/m/a', number: 2, count: 5 });
    expect(partPath('/m/a.gguf', 3, 12)).toBe('/m/a-00003-of-00012.gguf');
    expect(partPath('/m/a-00002-of-00005.gguf', 1, 5)).toBe('/m/a-00001-of-00005.gguf');
  });

  it('are no part names when the numbers make no sense', () => {
    for (const name of ['a.gguf', 'a-00006-of-00005.gguf', 'a-00000-of-00005.gguf', 'a-1-of-2.gguf']) {
      expect(readPartName(name)).toBeUndefined();
    }
  });
});
