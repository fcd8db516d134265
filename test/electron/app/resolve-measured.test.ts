import { expect, it } from 'vitest';
import { resolveMeasured } from '../../../electron/app/resolve-measured.ts';
import { writeTinyModel } from '../../support/gguf-fixtures.ts';
import { createLibraryBench } from '../../support/library-bench.ts';

const setUp = async () => {
  const bench = await createLibraryBench();
  const library = bench.open();
  await library.scan(new AbortController().signal);
  return { ...bench, library, resolve: resolveMeasured(library) };
};

it('a measured file from outside all folders is known by its id afterwards, also to another session', async () => {
  const { files, library, open, resolve } = await setUp();
  await writeTinyModel('/elsewhere/mine.gguf', { seed: 5 }, files);
  const { id } = await resolve('/elsewhere/mine.gguf');

  expect((await library.resolve(id)).path).toBe('/elsewhere/mine.gguf');
  const later = open();
  await later.scan(new AbortController().signal);
  expect(await later.resolve(id)).toMatchObject({ path: '/elsewhere/mine.gguf', source: 'dropped' });
  expect(await resolve('/elsewhere/mine.gguf')).toMatchObject({ id });
});

it('what lies in a folder stays what it is, and a file with a problem does not join', async () => {
  const { files, library, resolve } = await setUp();
  files.put('/elsewhere/broken.gguf', 'no model');
  expect(await resolve('demo')).toMatchObject({ id: 'demo', source: 'bundled' });
  expect((await resolve('/elsewhere/broken.gguf')).problem?.code).toBe('models.not-gguf');
  expect(library.list().map(({ id }) => id)).toEqual(['demo']);
});
