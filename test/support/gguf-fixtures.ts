import { createNodeFiles } from '../../electron/platform/node/files.ts';
import type { Files } from '../../electron/platform/ports.ts';
import { uint32 } from '../../electron/models/gguf/metadata.ts';
import { modelShapes } from '../../electron/models/synthesize/shapes.ts';
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

/** Writes a small file with a large cache: 64 heads of 256 are 64 KiB a token. Gives its path. */
export const writeWideModel = async (path: string): Promise<string> => {
  const shape = { ...modelShapes.nano, headCount: 64, headCountKv: 64, headLength: 256 };
  const lengths = ['llama.attention.key_length', 'llama.attention.value_length'];
  await writeTinyModel(path, {
    shape,
    overrideKeys: Object.fromEntries(lengths.map((key) => [key, uint32(shape.headLength)])),
  });
  return path;
};
