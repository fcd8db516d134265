import { createHash } from 'node:crypto';
import type { Model } from '../../../shared/contract/models.ts';
import type { Files } from '../../platform/ports.ts';

interface HashOptions {
  readonly signal: AbortSignal;
  /** 0..1 over all parts. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/**
 * SHA-256 of a model: that of its file, as `sha256sum` prints it; of a split model, the SHA-256 of its parts' hashes in
 * hex, one line each, in order (`sha256sum` of the parts, cut to the hashes, through `sha256sum`).
 * @throws AppError `files.not-found`, `files.not-allowed`, `app.cancelled`
 */
export const hashModel = async (
  files: Pick<Files, 'sha256'>,
  { parts, sizeBytes }: Pick<Model, 'parts' | 'sizeBytes'>,
  { signal, onProgress }: HashOptions,
): Promise<string> => {
  const hashes: string[] = [];
  let earlierBytes = 0;
  for (const part of parts) {
    let partBytes = 0;
    const onBytes = (done: number) => {
      partBytes = done;
      onProgress?.(Math.min(1, (earlierBytes + done) / Math.max(1, sizeBytes)));
    };
    hashes.push(await files.sha256(part, { signal, onBytes }));
    earlierBytes += partBytes;
  }
  const [only] = hashes;
  if (only !== undefined && hashes.length === 1) return only;
  return createHash('sha256')
    .update(hashes.map((hash) => `${hash}\n`).join(''))
    .digest('hex');
};
