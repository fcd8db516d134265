import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { collectLora } from '../../../electron/cli/lora-option.ts';

it.each([
  ['/a/style.gguf', '/a/style.gguf', 1],
  ['/a/style.gguf=0.5', '/a/style.gguf', 0.5],
  ['/a/style.gguf=-2', '/a/style.gguf', -2],
  ['/a/style.gguf=0', '/a/style.gguf', 0],
  ['/a/r=8/style.gguf', '/a/r=8/style.gguf', 1],
  ['/a/r=8/style.gguf=.25', '/a/r=8/style.gguf', 0.25],
])('reads %s', (text, path, scale) => {
  expect(collectLora(text)).toEqual([{ path: resolve(path), scale }]);
});

it('keeps the order, which is that of the ids', () => {
  expect(collectLora('/b.gguf=0', collectLora('/a.gguf')).map(({ path }) => path)).toEqual([
    resolve('/a.gguf'),
    resolve('/b.gguf'),
  ]);
});

it('refuses a scale nobody means', () => {
  expect(() => collectLora('a.gguf=1000')).toThrow(expect.objectContaining({ code: 'app.bad-input' }));
});
