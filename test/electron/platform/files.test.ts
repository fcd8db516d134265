import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNodeFiles } from '../../../electron/platform/node/files.ts';

const files = createNodeFiles();
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dyno-files-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the disk port', () => {
  it('writes text atomically and leaves no temporary file', async () => {
    const path = join(folder, 'deep/er/a.txt');
    await files.writeText(path, 'one');
    await files.writeText(path, 'two');

    expect(await files.readText(path)).toBe('two');
    expect(readdirSync(join(folder, 'deep/er'))).toEqual(['a.txt']);
  });

  it('reads and writes at positions and keeps what was there', async () => {
    const path = join(folder, 'a.bin');
    writeFileSync(path, 'abcdef');
    {
      await using writer = await files.openWrite(path);
      await writer.write(Buffer.from('XY'), 2);
    }
    await using reader = await files.openRead(path);

    expect(Buffer.from(await reader.read(1, 100)).toString()).toBe('bXYef');
  });

  it('lists folders with links followed, and nothing for a folder that is not there', async () => {
    writeFileSync(join(folder, 'a'), '');
    symlinkSync(join(folder, 'a'), join(folder, 'link'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'broken'));

    const kinds = Object.fromEntries((await files.list(folder)).map((entry) => [entry.name, entry.kind]));
    expect(kinds).toEqual({ a: 'file', link: 'file', broken: 'other' });
    expect(await files.list(join(folder, 'nowhere'))).toEqual([]);
  });

  it('names the path and the next step when a file is missing', async () => {
    const path = join(folder, 'nowhere.txt');

    await expect(files.readText(path)).rejects.toMatchObject({
      code: 'files.not-found',
      message: `No such file: ${path}`,
    });
    expect(await files.stat(path)).toBeUndefined();
  });

  it('hashes a file and stops on abort', async () => {
    const path = join(folder, 'a');
    writeFileSync(path, 'abc');
    const aborted = AbortSignal.abort();

    expect(await files.sha256(path)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    await expect(files.sha256(path, { signal: aborted })).rejects.toMatchObject({ code: 'app.cancelled' });
  });

  it('copies with a signal and refuses once it is aborted', async () => {
    const path = join(folder, 'a');
    writeFileSync(path, 'x'.repeat(100));
    await files.copy(path, join(folder, 'b'), new AbortController().signal);

    expect(await files.readText(join(folder, 'b'))).toHaveLength(100);
    await expect(files.copy(path, join(folder, 'c'), AbortSignal.abort())).rejects.toMatchObject({
      code: 'app.cancelled',
    });
  });

  it('knows the free space of a folder that does not exist yet', async () => {
    expect(await files.freeBytes(join(folder, 'not/yet'))).toBeGreaterThan(0);
  });
});
