import { isAbsolute } from 'node:path';
import type { AdapterWish } from '../../shared/contract/server.ts';
import type { ModelDetails } from '../../shared/contract/models.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { AdapterFile } from '../engine/index.ts';
import { validateAdapter } from '../models/index.ts';
import type { Files } from '../platform/ports.ts';

/**
 * The adapters of a load, each one held against the model and hashed: what one computed is kept under its hash.
 * @throws AppError `models.adapter-mismatch` and others of `models.*`, `app.bad-input`, `app.cancelled`
 */
export const readAdapters = async (
  files: Pick<Files, 'stat' | 'openRead' | 'sha256'>,
  wishes: readonly AdapterWish[],
  { model, signal }: { readonly model: ModelDetails; readonly signal: AbortSignal },
): Promise<readonly AdapterFile[]> => {
  const adapters: AdapterFile[] = [];
  for (const { path, scale } of wishes) {
    if (!isAbsolute(path))
      throw new AppError('app.bad-input', `${path} is no absolute path.`, { hint: 'Give the full path.' });
    const { sizeBytes } = await validateAdapter(files, path, model);
    adapters.push({ path, scale, sizeBytes, sha256: await files.sha256(path, { signal }) });
  }
  return adapters;
};
