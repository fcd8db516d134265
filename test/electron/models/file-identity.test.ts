import { describe, expect, it } from 'vitest';
import { identifyModel } from '../../../electron/models/file-identity.ts';
import { createFakeFiles } from '../../support/fake-files.ts';

describe('the identity of a model file', () => {
  it('stays with a copy that kept its time, and changes with size, time, and either end', async () => {
    const files = createFakeFiles();
    const content = new Uint8Array(200_000).fill(7);
    const put = (path: string, change: (bytes: Uint8Array) => Uint8Array, modifiedMs = 5) =>
      files.put(path, change(Uint8Array.from(content)), modifiedMs);
    put('/m/a.gguf', (bytes) => bytes);
    put('/m/copy.gguf', (bytes) => bytes);
    put('/m/touched.gguf', (bytes) => bytes, 6);
    put('/m/longer.gguf', (bytes) => Uint8Array.from([...bytes, 7]));
    put('/m/head.gguf', (bytes) => bytes.fill(8, 0, 1));
    put('/m/tail.gguf', (bytes) => bytes.fill(8, 199_999));
    const first = await identifyModel(files, '/m/a.gguf');
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(await identifyModel(files, '/m/copy.gguf')).toBe(first);
    const others = ['touched', 'longer', 'head', 'tail'];
    const names = await Promise.all(others.map((name) => identifyModel(files, `/m/${name}.gguf`)));
    expect(new Set([first, ...names]).size).toBe(5);
  });

  it('is that of all parts, whichever of them is named', async () => {
    const files = createFakeFiles();
    const part = (number: number) => `/m/a-0000${number}-of-00002.gguf`;
    files.put(part(1), 'one', 5);
    files.put(part(2), 'two', 5);
    const before = await identifyModel(files, part(1));
    expect(await identifyModel(files, part(2))).toBe(before);
    files.put(part(2), 'TWO', 5);
    expect(await identifyModel(files, part(1))).not.toBe(before);
  });
});
