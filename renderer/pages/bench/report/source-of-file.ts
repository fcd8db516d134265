import type { SourceFile } from '../../../../shared/contract/report.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { pathOfDroppedFile } from '../../../transport/desktop-bridge.ts';

/** A message between page and host holds 8 MiB; a text grows a little as JSON. */
const largestTextBytes = 7 << 20;

/**
 * The desktop tells the path and the host reads the file; a browser sends the text.
 * @param command what does the same without a browser. @throws AppError `report.too-large`
 */
export const sourceOfFile = async (file: File, command: string): Promise<SourceFile> => {
  const path = pathOfDroppedFile(file);
  if (path !== null) return { type: 'path', path };
  if (file.size <= largestTextBytes) return { type: 'text', fileName: file.name, text: await file.text() };
  throw new AppError('report.too-large', `${file.name} is larger than a browser may send`, {
    hint: `Take it in with the command: ${command}`,
  });
};
