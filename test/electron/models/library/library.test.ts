import { beforeEach, describe, expect, it } from 'vitest';
import { uint32 } from '../../../../electron/models/gguf/metadata.ts';
import { writeTinyModel } from '../../../support/gguf-fixtures.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { createLibraryBench, type LibraryBench } from '../../../support/library-bench.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

const live = new AbortController().signal;

it('reads no header again at the next start, unless the file has changed', async () => {
  const world = await createLibraryBench();
  await world.open().scan(new AbortController().signal);
  const reads: string[] = [];
  const { openRead } = world.files;
  Object.assign(world.files, {
    openRead: (path: string) => {
      reads.push(path);
      return openRead(path);
    },
  });
  const again = await world.open().scan(new AbortController().signal);
  expect([again.map((model) => [model.name, model.quantization]), reads]).toEqual([
    [['Demo', 'F16 synthetic']],
    [],
  ]);
  await world.clock.advance(1000);
  await writeTinyModel('/app/model/demo.gguf', { type: 'F16', name: 'Other Demo' }, world.files);
  const changed = await world.open().scan(new AbortController().signal);
  expect(changed.map((model) => model.name)).toEqual(['Other Demo']);
});

it('hides no model where its header cannot be remembered, the disk being full', async () => {
  const world = await createLibraryBench();
  world.store.put = () => {
    throw new AppError('storage.disk-full');
  };
  const found = await world.open().scan(live);
  expect(found.map((model) => model.name)).toEqual(['Demo']);
});

describe('the model library', () => {
  let bench: LibraryBench;
  let files: LibraryBench['files'];
  let open: LibraryBench['open'];

  beforeEach(async () => {
    bench = await createLibraryBench();
    ({ files, open } = bench);
  });

  it('finds models in all places, links of one file once', async () => {
    await writeTinyModel('/data/models/own.gguf', {}, files);
    await writeTinyModel('/user/deep/er/mine.gguf', {}, files);
    const hub = '/home/user/.cache/huggingface/hub/models--o--r';
    await writeTinyModel(`${hub}/blobs/abc`, { seed: 2 }, files);
    files.link(`${hub}/snapshots/1/hf.gguf`, '../../blobs/abc');
    files.link(`${hub}/snapshots/2/hf.gguf`, '../../blobs/abc');
    await writeTinyModel('/home/user/.lmstudio/models/o/r/lms.gguf', {}, files);
    const blob = `sha256-${'c'.repeat(64)}`;
    await writeTinyModel(`/home/user/.ollama/models/blobs/${blob}`, {}, files);
    files.put(
      '/home/user/.ollama/models/manifests/registry.ollama.ai/library/llama3.2/1b',
      JSON.stringify({
        layers: [{ mediaType: 'application/vnd.ollama.image.model', digest: blob.replace('-', ':') }],
      }),
    );
    await using library = open();
    const found = (await library.scan(live)).map(({ id, source }) => `${source} ${id}`);
    expect(found).toEqual([
      'bundled demo',
      'dyno own',
      'folder mine',
      'hugging-face hf',
      'lm-studio lms',
      'ollama llama3.2-1b',
    ]);
    expect((await library.resolve('llama3.2:1b')).name).toBe('llama3.2:1b');
  });

  it('describes a model by its header', async () => {
    await using library = open();
    await library.scan(live);
    const model = await library.resolve('demo');
    expect(model).toMatchObject({
      id: 'demo',
      path: '/app/model/demo.gguf',
      parts: ['/app/model/demo.gguf'],
      name: 'Demo',
      architecture: 'llama',
      quantization: 'F16 synthetic',
      sizeBytes: files.bytes('/app/model/demo.gguf').length,
      contextLength: 8192,
      tensorTypes: { F16: 8, F32: 3 },
      sha256: null,
      hasChatTemplate: true,
      problem: null,
      derivedFrom: null,
    });
    expect(model.bitsPerWeight).toBeGreaterThan(16);
    expect(model.bitsPerWeight).toBeLessThan(16.1);
  });

  it('shows details without the long arrays', async () => {
    await using library = open();
    const details = await library.inspect('/app/model/demo.gguf');
    expect(details).toMatchObject({
      layerCount: 1,
      embeddingLength: 128,
      headCount: 2,
      kvHeadCount: 1,
      vocabularySize: 512,
      features: { tools: false, reasoning: false, embeddings: false },
    });
    expect(details.metadata['tokenizer.ggml.tokens']).toEqual({ itemType: 'string', length: 512 });
    expect(details.tensors[0]).toEqual({
      name: 'token_embd.weight',
      type: 'F16',
      shape: [128, 512],
      sizeBytes: 131_072,
    });
    expect(JSON.parse(JSON.stringify(details))).toEqual(details);
  });

  it('shows broken files with their problem, and leaves projectors and vocabularies out', async () => {
    await writeTinyModel('/user/whole.gguf', {}, files);
    files.put('/user/cut.gguf', files.bytes('/user/whole.gguf').subarray(0, 60_000));
    files.put('/user/noise.gguf', 'not a model');
    await writeTinyModel(
      '/user/mmproj.gguf',
      { overrideKeys: { 'general.architecture': { type: 'string', value: 'clip' } } },
      files,
    );
    await writeTinyModel('/user/split.gguf', { parts: 3 }, files);
    await files.remove('/user/split-00002-of-00003.gguf');
    await writeTinyModel('/user/headless.gguf', { parts: 2 }, files);
    await files.remove('/user/headless-00001-of-00002.gguf');
    await using library = open();
    const problems = (await library.scan(live)).map(({ id, problem }) => [id, problem?.code ?? null]);
    expect(problems).toEqual([
      ['demo', null],
      ['cut', 'models.truncated'],
      ['headless', 'models.missing-part'],
      ['noise', 'models.not-gguf'],
      ['split', 'models.missing-part'],
      ['whole', null],
    ]);
  });

  it('announces what came, changed and went, and nothing else', async () => {
    await using library = open();
    await library.scan(live);
    await writeTinyModel('/user/new.gguf', {}, files);
    await library.scan(live);
    await writeTinyModel('/user/new.gguf', { overrideKeys: { 'llama.context_length': uint32(512) } }, files);
    await library.scan(live);
    await library.scan(live);
    await files.remove('/user/new.gguf');
    await library.scan(live);
    expect(bench.events.map(({ type }) => type)).toEqual([
      'model.added',
      'model.added',
      'model.changed',
      'model.removed',
    ]);
    expect(bench.events.at(-1)).toEqual({ type: 'model.removed', modelId: 'new' });
  });

  it('does not read an unchanged file twice', async () => {
    await using library = open();
    await library.scan(live);
    const before = files.reads.filter((path) => path.endsWith('.gguf')).length;
    await library.scan(live);
    expect(files.reads.filter((path) => path.endsWith('.gguf')).length).toBe(before);
  });

  it('works on a path outside every folder without registering it', async () => {
    await writeTinyModel('/elsewhere/demo.gguf', {}, files);
    await using library = open();
    await library.scan(live);
    const model = await library.resolve('/elsewhere/demo.gguf');
    expect(model.source).toBe('dropped');
    expect(model.id).toMatch(/^demo-[0-9a-f]{6}$/);
    expect(library.list().map(({ id }) => id)).toEqual(['demo']);
    expect((await thrownBy(() => library.resolve('/elsewhere/none.gguf'))).code).toBe('models.not-found');
  });

  it('finds a model by its real path and by any of its parts', async () => {
    await writeTinyModel('/store/blob', {}, files);
    files.link('/user/linked.gguf', '/store/blob');
    await writeTinyModel('/user/split.gguf', { parts: 2 }, files);
    await using library = open();
    await library.scan(live);
    expect((await library.resolve('/store/blob')).id).toBe('linked');
    expect((await library.resolve('/user/split-00002-of-00002.gguf')).id).toBe('split');
  });

  describe('importing', () => {
    it('registers a file in place and finds it again after a restart', async () => {
      await writeTinyModel('/drop/mine.gguf', {}, files);
      {
        await using library = open();
        expect((await library.importFile('/drop/mine.gguf', { copy: false })).source).toBe('dropped');
      }
      await using again = open();
      await again.scan(live);
      expect((await again.resolve('mine')).path).toBe('/drop/mine.gguf');
    });

    it('copies all parts into the models folder when asked', async () => {
      await writeTinyModel('/drop/mine.gguf', { parts: 2 }, files);
      await using library = open();
      const model = await library.importFile('/drop/mine-00001-of-00002.gguf', { copy: true });
      expect(model).toMatchObject({
        source: 'dyno',
        parts: ['/data/models/mine-00001-of-00002.gguf', '/data/models/mine-00002-of-00002.gguf'],
      });
      const second = () => library.importFile('/drop/mine-00001-of-00002.gguf', { copy: true });
      expect((await thrownBy(second)).code).toBe('models.exists');
    });

    it('refuses a broken file, a projector, and a copy the disk has no room for', async () => {
      await writeTinyModel('/drop/mine.gguf', {}, files);
      files.put('/drop/cut.gguf', files.bytes('/drop/mine.gguf').subarray(0, 50_000));
      await using library = open();
      files.setFreeBytes(1_000_000);
      const codes = [
        (await thrownBy(() => library.importFile('/drop/cut.gguf', { copy: false }))).code,
        (await thrownBy(() => library.importFile('/drop/mine.gguf', { copy: true }))).code,
        (await thrownBy(() => library.importFile('mine.gguf', { copy: false }))).code,
      ];
      expect(codes).toEqual(['models.truncated', 'storage.disk-full', 'app.bad-input']);
    });
  });

  describe('removing', () => {
    it('forgets a foreign file for good but leaves it on the disk', async () => {
      await writeTinyModel('/user/mine.gguf', {}, files);
      await using library = open();
      await library.scan(live);
      expect(await library.remove('mine', { deleteFiles: false })).toEqual({
        removed: 'mine',
        deletedFiles: [],
      });
      await library.scan(live);
      expect(library.list().map(({ id }) => id)).toEqual(['demo']);
      expect((await files.stat('/user/mine.gguf'))?.kind).toBe('file');
      await library.importFile('/user/mine.gguf', { copy: false });
      expect(library.list().map(({ id }) => id)).toEqual(['demo', 'mine']);
    });

    it('deletes all parts of a file Dyno made, and refuses to delete those of others', async () => {
      await writeTinyModel('/data/models/own.gguf', { parts: 2 }, files);
      await writeTinyModel('/user/mine.gguf', {}, files);
      await using library = open();
      await library.scan(live);
      const parts = ['/data/models/own-00001-of-00002.gguf', '/data/models/own-00002-of-00002.gguf'];
      expect(await library.remove('own', { deleteFiles: true })).toEqual({
        removed: 'own',
        deletedFiles: parts,
      });
      expect(await files.stat(parts[1] ?? '')).toBeUndefined();
      expect((await thrownBy(() => library.remove('mine', { deleteFiles: true }))).code).toBe(
        'files.not-allowed',
      );
      expect((await files.stat('/user/mine.gguf'))?.kind).toBe('file');
    });

    it('refuses while the model is in use', async () => {
      await using library = open();
      await library.scan(live);
      bench.inUse.add('/app/model/demo.gguf');
      expect((await thrownBy(() => library.remove('demo', { deleteFiles: false }))).code).toBe(
        'models.in-use',
      );
    });

    it('may delete a quantization Dyno wrote into a folder of the user', async () => {
      await using library = open();
      await library.scan(live);
      await writeTinyModel('/user/demo-Q8_0.gguf', {}, files);
      await library.adopt('/user/demo-Q8_0.gguf', { source: 'dyno', derivedFrom: 'demo' });
      await library.scan(live);
      expect(await library.resolve('demo-Q8_0')).toMatchObject({ source: 'dyno', derivedFrom: 'demo' });
      expect((await library.remove('demo-Q8_0', { deleteFiles: true })).deletedFiles).toEqual([
        '/user/demo-Q8_0.gguf',
      ]);
    });
  });
});
