import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { saveReport } from '../../../electron/cli/save-report.ts';
import { writeAtomically } from '../../../electron/platform/node/write-atomically.ts';
import { makeHome } from '../../support/open-app.ts';

const report = { text: 'Qk9E', encoding: 'base64' } as const;

it('a report replaces an earlier one whole, also behind a link', async () => {
  await using home = await makeHome();
  const [file, link] = [join(home.path, 'report.pdf'), join(home.path, 'link.pdf')];
  await writeFile(file, 'a much longer earlier report');
  await symlink(file, link);
  expect(await saveReport(report, link)).toBe(link);
  expect(await readFile(file, 'utf8')).toBe('BOD');
  expect((await readdir(home.path)).toSorted()).toEqual(['link.pdf', 'report.pdf']);
});

it.runIf(process.platform === 'linux')('says so when the disk is full, and replaces no device', async () => {
  await expect(saveReport(report, '/dev/full')).rejects.toMatchObject({
    code: 'storage.disk-full',
    message: 'The disk is full: /dev/full',
  });
});

it('a file that cannot come into its place leaves no half beside it', async () => {
  await using home = await makeHome();
  const taken = join(home.path, 'report.html');
  await mkdir(taken);
  await expect(writeAtomically(taken, 'x', 0o600)).rejects.toThrow();
  expect(await readdir(home.path)).toEqual(['report.html']);
});
