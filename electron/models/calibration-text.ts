import type { Ports } from '../platform/ports.ts';
import { imatrixKeys } from './gguf/imatrix.ts';
import { readString } from './gguf/metadata.ts';
import { readGgufHeader } from './gguf/read-header.ts';

/**
 * SHA-256 of the text whose importance matrix a model was quantized with; `null` without one, or when another tool made
 * the matrix, which does not note it.
 * @throws AppError `models.*` when the header cannot be read
 */
export const calibrationTextSha256 = async (
  files: Pick<Ports['files'], 'openRead'>,
  path: string,
  signal: AbortSignal,
): Promise<string | null> => {
  await using file = await files.openRead(path);
  const { metadata } = await readGgufHeader(file, path, { signal });
  return readString(metadata, imatrixKeys.textSha256) ?? null;
};
