import { AppError } from '../../../shared/errors/app-error.ts';
import type { Files } from '../../platform/ports.ts';
import type { FileText } from '../vendors/sysfs-texts.ts';

/** Reads a small file of /proc or /sys; a failure becomes the reason why there is no text. */
export const readText = async (files: Files, path: string): Promise<FileText> => {
  try {
    return { text: (await files.readText(path)).trim() };
  } catch (error) {
    const code = error instanceof AppError ? error.code : 'app.internal';
    if (code === 'files.not-found') return { text: null, reason: `${path} does not exist` };
    if (code === 'files.not-allowed') return { text: null, reason: `${path} may be read by root only` };
    return { text: null, reason: `the driver gave no answer for ${path}` };
  }
};

/** Reads several files at once, by any names the caller gives them. */
export const readTexts = async (
  files: Files,
  paths: Iterable<readonly [name: string, path: string]>,
): Promise<Map<string, FileText>> =>
  new Map(
    await Promise.all(
      [...paths].map(async ([name, path]): Promise<[string, FileText]> => [
        name,
        await readText(files, path),
      ]),
    ),
  );
