import { createNodeFiles } from '../../electron/platform/node/files.ts';
import type { Files } from '../../electron/platform/ports.ts';
import {
  synthesizeModel,
  type SynthesizedModel,
  type SynthesizeOptions,
} from '../../electron/models/synthesize.ts';

/** Writes a real GGUF of 0.2 million weights unless told otherwise; the rest as `synthesizeModel`. */
export const writeTinyModel = (
  path: string,
  options: Partial<Omit<SynthesizeOptions, 'path'>> = {},
  files: Pick<Files, 'openWrite' | 'rename' | 'remove'> = createNodeFiles(),
): Promise<SynthesizedModel> => synthesizeModel(files, { shape: 'nano', type: 'Q8_0', ...options, path });
