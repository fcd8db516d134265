import { expect, it } from 'vitest';
import { createUploads } from '../../../electron/app/uploads.ts';
import { createFakeFiles } from '../../support/fake-files.ts';

it('a text from a browser is kept under its own name, once per content, and never outside the folder', async () => {
  const files = createFakeFiles();
  const uploads = createUploads(files, '/data');
  const { path } = await uploads.keep({ fileName: 'prüfung 1.txt', text: 'The river was wide.' });
  expect(path).toMatch(/^\/data\/uploads\/[0-9a-f]{16}\/prüfung 1\.txt$/);
  expect(await files.readText(path)).toBe('The river was wide.');
  expect(await uploads.keep({ fileName: 'prüfung 1.txt', text: 'The river was wide.' })).toEqual({ path });
  for (const fileName of ['../../etc/passwd', 'C:\\Users\\x\\passwd', '..', 'a/../passwd']) {
    const kept = await uploads.keep({ fileName, text: 'x' });
    expect(kept.path).toMatch(/^\/data\/uploads\/[0-9a-f]{16}\/(passwd|file)$/);
  }
});
