import type { PackInfo } from '../../../shared/contract/quality.ts';
import { decodePackHeader, packHeaderBytes, type PackHeader } from '../../engine/index.ts';
import type { Files } from '../../platform/ports.ts';

/**
 * A pack's header. The body is checked where it is used.
 * @throws AppError `files.not-found`, `quality.bad-pack`
 */
export const readPackInfo = async (
  files: Pick<Files, 'openRead'>,
  path: string,
): Promise<{ readonly header: PackHeader; readonly info: PackInfo }> => {
  await using file = await files.openRead(path);
  const header = decodePackHeader(await file.read(0, packHeaderBytes));
  const { base, text, contextSize, windowCount, topK, capturedMass } = header;
  const { name, quantization, sha256 } = base;
  return {
    header,
    info: {
      path,
      sizeBytes: file.sizeBytes,
      base: { name, quantization, sha256 },
      text,
      contextSize,
      windowCount,
      topK,
      capturedMass,
    },
  };
};
