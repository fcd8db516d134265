import { join } from 'node:path';
import type { Clock, Files } from '../platform/ports.ts';
import { uploadsFolder } from './uploads.ts';

const weekMs = 7 * 24 * 3_600_000;

interface Upload {
  /** Hash of the content: it names the folder and stands in every path to it. */
  readonly name: string;
  readonly path: string;
  readonly modifiedMs: number;
}

/**
 * Uploads that were kept over a week ago and that no record names. Pure.
 * @param records what may still go on: inputs of jobs, runs; plain data
 */
export const staleUploads = (
  uploads: readonly Upload[],
  records: readonly unknown[],
  nowMs: number,
): readonly Upload[] => {
  const old = uploads.filter(({ modifiedMs }) => nowMs - modifiedMs > weekMs);
  if (old.length === 0) return [];
  const texts = records.map((record) => JSON.stringify(record));
  return old.filter(({ name }) => !texts.some((text) => text.includes(name)));
};

/** Removes stale uploads; a text that is chosen again is kept anew. @throws AppError `files.not-allowed` */
export const tidyUploads = async (
  { files, clock }: { readonly files: Files; readonly clock: Pick<Clock, 'nowMs'> },
  dataFolder: string,
  records: () => readonly unknown[],
): Promise<void> => {
  const uploads: Upload[] = [];
  for (const { kind, name } of await files.list(uploadsFolder(dataFolder))) {
    const path = join(uploadsFolder(dataFolder), name);
    const stat = await files.stat(path);
    if (kind === 'folder' && stat !== undefined) uploads.push({ name, path, modifiedMs: stat.modifiedMs });
  }
  if (uploads.length === 0) return;
  for (const { path } of staleUploads(uploads, records(), clock.nowMs())) await files.remove(path);
};
