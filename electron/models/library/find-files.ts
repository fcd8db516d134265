import { AppError, toAppError } from '../../../shared/errors/app-error.ts';
import type { FileEntry, Files, Logger } from '../../platform/ports.ts';
import { partPath, readPartName } from '../gguf/parts.ts';

/** A folder of models is never this deep or full; a home folder by mistake, or a circle of links, may be. */
const MAX_DEPTH = 8;
const MAX_FOLDERS = 20_000;
const MAX_FILES = 5_000;

/** Content stores and working folders inside caches: what they hold is found under its proper name elsewhere. */
const skippedFolders = new Set(['blobs', 'refs', '.locks', '.no_exist', '.git', 'node_modules']);

interface Options {
  readonly files: Pick<Files, 'list'>;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Entries of a folder; none when it may not be read, which is no reason to stop a scan. */
export const listQuietly = async (
  { files, log }: Pick<Options, 'files' | 'log'>,
  folder: string,
): Promise<readonly FileEntry[]> => {
  try {
    return await files.list(folder);
  } catch (error) {
    log.debug('A folder could not be searched for models.', { folder, error: toAppError(error).message });
    return [];
  }
};

/**
 * Absolute paths of the .gguf files below `root`, breadth first and in name order; the first part stands for a split
 * model. Bounded in depth and number.
 * @throws AppError `app.cancelled`
 */
export const findGgufFiles = async (root: string, options: Options): Promise<readonly string[]> => {
  const found: string[] = [];
  let folders = [root];
  let seen = 0;
  for (let depth = 0; depth <= MAX_DEPTH && folders.length > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of folders) {
      if (options.signal.aborted) throw new AppError('app.cancelled');
      seen += 1;
      if (seen > MAX_FOLDERS || found.length >= MAX_FILES) {
        options.log.warn('A folder holds too much to be searched to its end.', { root, folders: seen });
        return firstParts(found.slice(0, MAX_FILES));
      }
      const entries = await listQuietly(options, folder);
      for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
        if (entry.kind === 'file' && /\.gguf$/i.test(entry.name)) found.push(entry.path);
        else if (entry.kind === 'folder' && !skippedFolders.has(entry.name)) next.push(entry.path);
      }
    }
    folders = next;
  }
  return firstParts(found);
};

/** Leaves one path per split model: its first part, or the first one there is. */
export const firstParts = (paths: readonly string[]): readonly string[] => {
  const all = new Set(paths);
  const bases = new Set<string>();
  return paths.filter((path) => {
    const name = readPartName(path);
    if (name === undefined) return true;
    const key = `${name.base}/${name.count}`;
    const hasFirst = all.has(partPath(path, 1, name.count));
    if (bases.has(key) || (hasFirst && name.number !== 1)) return false;
    bases.add(key);
    return true;
  });
};
