import { readFile, writeFile } from 'node:fs/promises';
import { encodeHeader, type HeaderEntry } from '../../electron/models/gguf/encode-header.ts';
import type { MetadataValue } from '../../electron/models/gguf/metadata.ts';
import { readGgufHeader } from '../../electron/models/gguf/read-header.ts';
import { createNodeFiles } from '../../electron/platform/node/files.ts';

/** Copies a model with some keys of its metadata added or replaced; all else, weights included, byte by byte. */
export const copyWithMetadata = async (
  model: string,
  path: string,
  changed: Readonly<Record<string, MetadataValue>>,
): Promise<void> => {
  const bytes = await readFile(model);
  const kept: HeaderEntry[] = [];
  await using file = await createNodeFiles().openRead(model);
  const header = await readGgufHeader(file, model, {
    onSpan: (key, start, end) => {
      if (!(key in changed)) kept.push([key, { type: 'encoded', bytes: bytes.subarray(start, end) }]);
    },
  });
  const head = encodeHeader([...kept, ...Object.entries(changed)], header.tensors);
  await writeFile(path, Buffer.concat([head, bytes.subarray(header.dataOffset)]));
};
