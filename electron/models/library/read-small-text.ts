import { toAppError } from '../../../shared/errors/app-error.ts';
import type { Files } from '../../platform/ports.ts';

/** Settings and manifests of other programs have a few kilobytes. */
const MAX_BYTES = 1024 ** 2;

/** Text of a small file of another program; `undefined` when it is not there, not ours to read, or too large. */
export const readSmallText = async (
  files: Pick<Files, 'stat' | 'readText'>,
  path: string,
): Promise<string | undefined> => {
  try {
    const found = await files.stat(path);
    return found?.kind === 'file' && found.sizeBytes <= MAX_BYTES ? await files.readText(path) : undefined;
  } catch (error) {
    const failure = toAppError(error);
    if (failure.code === 'files.not-allowed' || failure.code === 'files.not-found') return undefined;
    throw failure;
  }
};
