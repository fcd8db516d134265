import { describe, expect, it } from 'vitest';
import { findGgufFiles } from '../../../../electron/models/library/find-files.ts';
import { findOllamaModels } from '../../../../electron/models/library/find-ollama-models.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { createFakeFiles } from '../../../support/fake-files.ts';
import { createFakeLog } from '../../../support/fake-log.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

const options = (files: ReturnType<typeof createFakeFiles>, signal = new AbortController().signal) => ({
  files,
  log: createFakeLog(),
  signal,
});

describe('findGgufFiles', () => {
  it('finds .gguf files at any reasonable depth, whatever their case, and nothing else', async () => {
    const files = createFakeFiles({
      '/m/a.gguf': '',
      '/m/b/c/D.GGUF': '',
      '/m/e.gguf.part': '',
      '/m/readme.md': '',
      '/m/blobs/f.gguf': '',
      '/m/1/2/3/4/5/6/7/8/9/deep.gguf': '',
    });
    expect(await findGgufFiles('/m', options(files))).toEqual(['/m/a.gguf', '/m/b/c/D.GGUF']);
  });

  it('gives a split model once, by its first part or the first one there is', async () => {
    const files = createFakeFiles({
      '/m/a-00002-of-00003.gguf': '',
      '/m/a-00001-of-00003.gguf': '',
      '/m/a-00003-of-00003.gguf': '',
      '/m/b-00003-of-00003.gguf': '',
      '/m/b-00002-of-00003.gguf': '',
    });
    expect(await findGgufFiles('/m', options(files))).toEqual([
      '/m/a-00001-of-00003.gguf',
      '/m/b-00002-of-00003.gguf',
    ]);
  });

  it('comes back from a circle of links', async () => {
    const files = createFakeFiles({ '/m/a.gguf': '' });
    files.link('/m/again', '/m');
    expect((await findGgufFiles('/m', options(files)))[0]).toBe('/m/a.gguf');
  });

  it('passes over a folder it may not read', async () => {
    const files = createFakeFiles({ '/m/a.gguf': '', '/m/secret/b.gguf': '' });
    files.fail('/m/secret', 'read', new AppError('files.not-allowed'));
    expect(await findGgufFiles('/m', options(files))).toEqual(['/m/a.gguf']);
  });

  it('stops when aborted', async () => {
    const files = createFakeFiles({ '/m/a.gguf': '' });
    expect((await thrownBy(() => findGgufFiles('/m', options(files, AbortSignal.abort())))).code).toBe(
      'app.cancelled',
    );
  });
});

describe('findOllamaModels', () => {
  const digest = 'a'.repeat(64);
  const manifest = (value = `sha256:${digest}`) =>
    JSON.stringify({
      schemaVersion: 2,
      layers: [
        { mediaType: 'application/vnd.ollama.image.license', digest: `sha256:${'b'.repeat(64)}` },
        { mediaType: 'application/vnd.ollama.image.model', digest: value },
      ],
    });
  const root = '/o/models';
  const at = (name: string) => `${root}/manifests/${name}`;

  it('names models as Ollama does and finds their blobs', async () => {
    const files = createFakeFiles({
      [at('registry.ollama.ai/library/llama3.2/1b')]: manifest(),
      [at('registry.ollama.ai/someone/model/q4')]: manifest(),
      [at('hf.co/owner/repo-GGUF/Q4_K_M')]: manifest(),
    });
    const models = await findOllamaModels(root, options(files));
    const path = `${root}/blobs/sha256-${digest}`;
    expect(models.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: 'hf.co/owner/repo-GGUF:Q4_K_M', path },
      { name: 'llama3.2:1b', path },
      { name: 'someone/model:q4', path },
    ]);
  });

  it('passes over manifests that are broken, huge, or name a path instead of a digest', async () => {
    const files = createFakeFiles({
      [at('registry.ollama.ai/library/a/1')]: '{"layers":',
      [at('registry.ollama.ai/library/b/1')]: '{"layers":7}',
      [at('registry.ollama.ai/library/c/1')]: manifest('sha256:../../etc/passwd'),
      [at('registry.ollama.ai/library/d/1')]: manifest() + ' '.repeat(2 ** 20),
    });
    expect(await findOllamaModels(root, options(files))).toEqual([]);
  });
});
