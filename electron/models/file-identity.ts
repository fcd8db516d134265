import { createHash } from 'node:crypto';
import type { Files } from '../platform/ports.ts';
import { firstPartPath, partPath, readPartName } from './gguf/parts.ts';

/** Read from both ends of every part: the header's beginning and the last weights. */
const sampleBytes = 64 * 1024;

const partsOf = (path: string): readonly string[] => {
  const name = readPartName(path);
  if (name === undefined) return [path];
  return Array.from({ length: name.count }, (_, index) => partPath(path, index + 1, name.count));
};

/**
 * A name for what a model's files hold, in hex, in a millisecond: SHA-256 over size, time of change and 64 KiB from
 * both ends of each part. The files' SHA-256 would be exact, but the first one takes minutes for a large model and is
 * made in the background: a name that changed when it is done would lose what was kept under the old one. A file that
 * is copied with its time keeps its name, whatever its path; one that is written again gets another.
 * @throws AppError `files.not-found`, `files.not-allowed`
 */
export const identifyModel = async (
  files: Pick<Files, 'stat' | 'openRead'>,
  path: string,
): Promise<string> => {
  const hash = createHash('sha256');
  for (const part of partsOf(firstPartPath(path))) {
    const found = await files.stat(part);
    await using file = await files.openRead(part);
    hash.update(`${file.sizeBytes} ${found?.modifiedMs ?? 0}\n`);
    hash.update(await file.read(0, sampleBytes));
    hash.update(await file.read(Math.max(0, file.sizeBytes - sampleBytes), sampleBytes));
  }
  return hash.digest('hex');
};
