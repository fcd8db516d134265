import { expect, test } from 'vitest';
import { fileTypes } from '../../../../electron/models/gguf/file-types.ts';
import { findQuantType, quantTypes } from '../../../../electron/models/quant-types.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';

test('every type llama.cpp can write is there once, under the number and name a file of it carries', () => {
  const made = quantTypes.map(({ ftype, name }) => ({ ftype, name })).toSorted((a, b) => a.ftype - b.ftype);
  const loadable = fileTypes.map(({ ftype, name }) => ({ ftype, name }));
  expect(made).toEqual(loadable.filter(({ name }) => name !== 'NVFP4')); // read, but not made
});

test('a type is found in any letter case, with dashes, and by its short name', () => {
  const names = ['q4_k_m', ' Q4_K ', 'q4-k-m', 'Q4_K_M'].map((name) => findQuantType(name).name);
  expect(names).toEqual(['Q4_K_M', 'Q4_K_M', 'Q4_K_M', 'Q4_K_M']);
});

test('an unknown name is answered with those that work without an importance matrix', () => {
  const act = () => findQuantType('Q4_X');
  expect(act).toThrow(AppError);
  expect(act).toThrow('"Q4_X" is not a quantization type.');
});
