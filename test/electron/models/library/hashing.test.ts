import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeTinyModel } from '../../../support/gguf-fixtures.ts';
import { createLibraryBench, type LibraryBench } from '../../../support/library-bench.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

const live = new AbortController().signal;
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

describe('hashing in the model library', () => {
  let bench: LibraryBench;
  let files: LibraryBench['files'];
  let open: LibraryBench['open'];

  beforeEach(async () => {
    bench = await createLibraryBench();
    ({ files, open } = bench);
  });

  /** Lets the background hasher run to its end. */
  const settle = async () => {
    for (let round = 0; round < 20; round += 1) await bench.clock.advance(3_000);
  };

  it('gives the SHA-256 of the file, tells progress, and remembers it over a restart', async () => {
    const expected = sha256(files.bytes('/app/model/demo.gguf'));
    const fractions: number[] = [];
    {
      await using library = open();
      await library.scan(live);
      const hash = await library.hash('demo', { signal: live, onProgress: (part) => fractions.push(part) });
      expect([hash, fractions.at(-1)]).toEqual([expected, 1]);
      expect(bench.events.at(-1)).toMatchObject({
        type: 'model.changed',
        model: { id: 'demo', sha256: expected },
      });
    }
    await using again = open();
    await again.scan(live);
    expect((await again.resolve('demo')).sha256).toBe(expected);
  });

  it('forgets the hash of a file that changed', async () => {
    await using library = open();
    await library.scan(live);
    await library.hash('demo', { signal: live });
    await writeTinyModel('/app/model/demo.gguf', { type: 'F16', seed: 9 }, files);
    expect(await library.hash('demo', { signal: live })).toBe(sha256(files.bytes('/app/model/demo.gguf')));
  });

  it('never gives the hash it knows for other content, though size and time look the same', async () => {
    const path = '/app/model/demo.gguf';
    const before = files.bytes(path);
    const changed = Uint8Array.from(before, (byte, at) => (at === before.length - 1 ? byte ^ 1 : byte));
    files.put(path, before, 7);
    await using library = open();
    await library.scan(live);
    expect(await library.hash('demo', { signal: live })).toBe(sha256(before));
    files.put(path, changed, 7);
    expect(await library.hash('demo', { signal: live })).toBe(sha256(changed));
    expect(library.list().map((model) => model.sha256)).toEqual([sha256(changed)]);
  });

  it('gives no hash of a file that was written while it was read', async () => {
    await using library = open();
    await library.scan(live);
    const onProgress = () => files.put('/app/model/demo.gguf', 'GGUF', 9);
    const error = await thrownBy(() => library.hash('demo', { signal: live, onProgress }));
    expect(error.code).toBe('models.changed');
    expect(library.list().map((model) => model.sha256)).toEqual([null]);
  });

  it('waits for what is measured where it is to give way, and begins anew where that comes between', async () => {
    await writeTinyModel('/user/split.gguf', { parts: 2 }, files);
    await using library = open();
    await library.scan(live);
    let parts = 0;
    const hash = library.hash('split', {
      signal: live,
      givesWay: true,
      onProgress: () => {
        parts += 1;
        bench.measuring.isBusy = parts === 1; // between the parts something is measured
      },
    });
    await settle();
    expect(parts).toBe(0);
    bench.measuring.isBusy = false;
    await settle();
    expect(parts).toBe(1);
    bench.measuring.isBusy = false;
    expect(await bench.clock.runUntil(hash)).toBe(await library.hash('split', { signal: live }));
    expect(parts).toBe(3);
  });

  it('stops waiting at once when it is cancelled', async () => {
    await using library = open();
    await library.scan(live);
    const stop = new AbortController();
    const hash = thrownBy(() => library.hash('demo', { signal: stop.signal, givesWay: true }));
    await settle();
    stop.abort();
    expect((await hash).code).toBe('app.cancelled');
  });

  it('gives a split model the hash over the hashes of its parts', async () => {
    const { parts } = await writeTinyModel('/user/split.gguf', { parts: 2 }, files);
    await using library = open();
    await library.scan(live);
    const lines = parts.map((part) => `${sha256(files.bytes(part))}\n`).join('');
    expect(await library.hash('split', { signal: live })).toBe(sha256(lines));
  });

  it('fills in all hashes in the background once nothing is measured', async () => {
    await writeTinyModel('/user/mine.gguf', {}, files);
    files.put('/user/broken.gguf', 'broken');
    await using library = open();
    await library.scan(live);
    await settle();
    expect(library.list().map(({ sha256: hash }) => hash)).toEqual([null, null, null]);
    bench.measuring.isBusy = false;
    await settle();
    const hashes = Object.fromEntries(library.list().map(({ id, sha256: hash }) => [id, hash]));
    expect(hashes).toEqual({
      broken: null,
      demo: sha256(files.bytes('/app/model/demo.gguf')),
      mine: sha256(files.bytes('/user/mine.gguf')),
    });
  });

  it('stops in the background when the library closes', async () => {
    const library = open();
    await library.scan(live);
    await library[Symbol.asyncDispose]();
    expect(bench.clock.pendingTimers()).toBe(0);
  });
});
