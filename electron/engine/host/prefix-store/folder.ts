import { join } from 'node:path';
import type { Files } from '../../../platform/ports.ts';
import { allowedBytes, chooseEvictions, type StoredFiles } from './policy.ts';

type FolderFiles = Pick<Files, 'stat' | 'list' | 'remove' | 'freeBytes'>;

/** A state and its description; between the two writes of a save there is also a temporary file of the same stem. */
export const statePath = (folder: string, id: string): string => join(folder, `${id}.state`);
export const entryPath = (folder: string, id: string): string => join(folder, `${id}.json`);
export const temporaryPath = (folder: string, id: string): string => join(folder, `${id}.tmp`);

const stemOf = (name: string): string => name.split('.', 1)[0] ?? name;

/** All files of one stem count and go together, so that what a crash left over is evicted like anything else. */
const listFolder = async (files: FolderFiles, folder: string): Promise<readonly StoredFiles[]> => {
  const stems = new Map<string, { paths: string[]; sizeBytes: number; usedMs: number }>();
  for (const { name, path } of await files.list(folder)) {
    const found = await files.stat(path);
    if (found === undefined) continue; // another engine has just removed it
    const group = stems.get(stemOf(name)) ?? { paths: [], sizeBytes: 0, usedMs: 0 };
    stems.set(stemOf(name), {
      paths: [...group.paths, path],
      sizeBytes: group.sizeBytes + found.sizeBytes,
      usedMs: Math.max(group.usedMs, found.modifiedMs),
    });
  }
  return [...stems.values()];
};

/** What all engines of this machine keep, one folder for each kind of state. */
const listAll = async (files: FolderFiles, root: string): Promise<readonly StoredFiles[]> => {
  const folders = (await files.list(root)).filter(({ kind }) => kind === 'folder');
  return (await Promise.all(folders.map(({ path }) => listFolder(files, path)))).flat();
};

/** Removes what was unused longest until `newBytes` more are within the limit. False when they never are. */
export const makeRoom = async (
  files: FolderFiles,
  root: string,
  { newBytes, limitBytes }: { readonly newBytes: number; readonly limitBytes: number },
): Promise<boolean> => {
  const stored = await listAll(files, root);
  const usedBytes = stored.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const mostBytes = allowedBytes(limitBytes, usedBytes, await files.freeBytes(root));
  if (newBytes > mostBytes) return false;
  for (const { paths } of chooseEvictions(stored, newBytes, mostBytes))
    for (const path of paths) await files.remove(path);
  return true;
};
