import { realpath, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ReportFile } from '../../shared/contract/report.ts';
import { toFileError } from '../platform/node/file-errors.ts';
import { writeAtomically } from '../platform/node/write-atomically.ts';

const write = async (path: string, content: Uint8Array): Promise<void> => {
  const found = await stat(path).catch(() => undefined); // not there: a new file
  // a pipe or a device such as /dev/stdout must not be replaced, nor a link to a file
  if (found?.isFile() === false) await writeFile(path, content);
  else await writeAtomically(found === undefined ? path : await realpath(path), content, 0o666);
};

/**
 * Puts a report into its place whole, and gives the absolute path: where it cannot be written an earlier one stays as it
 * was, and no half file is left.
 * @throws AppError `storage.disk-full`, `files.*`
 */
export const saveReport = async (
  { text, encoding }: Pick<ReportFile, 'text' | 'encoding'>,
  file: string,
): Promise<string> => {
  const path = resolve(file);
  await write(path, Buffer.from(text, encoding)).catch((error: unknown) => {
    throw toFileError(error, path);
  });
  return path;
};
