import { expect, it } from 'vitest';
import { staleUploads, tidyUploads } from '../../../electron/app/tidy-uploads.ts';
import { createFakeFiles } from '../../support/fake-files.ts';

const dayMs = 24 * 3_600_000;
const nowMs = 100 * dayMs;
const upload = (name: string, days: number) => ({
  name,
  path: `/data/uploads/${name}`,
  modifiedMs: nowMs - days * dayMs,
});

it('an upload goes after a week, unless a run or job that may go on names it', () => {
  const uploads = [upload('aaaa', 8), upload('bbbb', 8), upload('cccc', 8), upload('dddd', 7)];
  const records = [
    { prompts: { type: 'file', path: 'C:\\data\\uploads\\aaaa\\prompts.jsonl' } },
    { key: 'job/1', value: { input: { text: '/data/uploads/bbbb/text.txt' } } },
  ];
  expect(staleUploads(uploads, records, nowMs).map(({ name }) => name)).toEqual(['cccc']);
  expect(staleUploads(uploads, [], nowMs).map(({ name }) => name)).toEqual(['aaaa', 'bbbb', 'cccc']);
});

it('only uploads are removed, and nothing is read of the records where there are none', async () => {
  const text = { '/data/uploads/aaaa/a.txt': 'a', '/data/uploads/bbbb/b.txt': 'b', '/data/dyno.db': 'x' };
  const files = createFakeFiles(text);
  await tidyUploads({ files, clock: { nowMs: () => nowMs } }, '/data', () => ['/data/uploads/aaaa/a.txt']);
  expect(Object.keys(files.texts())).toEqual(['/data/dyno.db', '/data/uploads/aaaa/a.txt']);

  const refuse = () => {
    throw new TypeError('the records were read');
  };
  const empty = createFakeFiles({ '/data/dyno.db': 'x' });
  await expect(tidyUploads({ files: empty, clock: { nowMs: () => nowMs } }, '/data', refuse)).resolves.toBe(
    undefined,
  );
});
