import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { UploadInput } from '../../shared/contract/uploads.ts';
import type { Files } from '../platform/ports.ts';

export interface Uploads {
  /** Keeps a text in the data folder, and resolves with its path. @throws AppError `storage.disk-full`, `files.*` */
  keep(input: UploadInput): Promise<{ readonly path: string }>;
}

export const uploadsFolder = (dataFolder: string): string => join(dataFolder, 'uploads');

/** A name without folders and without what a file system may refuse. */
const safeName = (fileName: string): string =>
  (fileName.split(/[/\\]/).at(-1) ?? '').replaceAll(/[^\p{L}\p{N}._ -]/gu, '_').replace(/^\.+/, '') || 'file';

/** Texts that came through a browser. The folder is named by the content, so that the file keeps its own name. */
export const createUploads = (files: Pick<Files, 'writeText'>, dataFolder: string): Uploads => ({
  keep: async ({ fileName, text }) => {
    const content = createHash('sha256').update(text).digest('hex').slice(0, 16);
    const path = join(uploadsFolder(dataFolder), content, safeName(fileName));
    await files.writeText(path, text);
    return { path };
  },
});
