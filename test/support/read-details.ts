import { validateModel } from '../../electron/models/gguf/validate.ts';
import { createNodeFiles } from '../../electron/platform/node/files.ts';
import type { ModelDetails } from '../../shared/contract/models.ts';
import { createModelDetails } from './model-details.ts';

/** Details of a real file, as far as its header tells them; the rest is made up. */
export const readDetails = async (
  path: string,
  changes: Partial<ModelDetails> = {},
): Promise<ModelDetails> => {
  const { header, parts, sizeBytes } = await validateModel(createNodeFiles(), path);
  const tensors = header.tensors.map(({ name, type, shape, sizeBytes: bytes }) => ({
    name,
    type: type.name,
    shape: [...shape],
    sizeBytes: bytes,
  }));
  const groups = Map.groupBy(tensors, ({ type }) => type);
  return createModelDetails({
    id: path,
    path,
    parts: [...parts],
    sizeBytes,
    tensors,
    tensorTypes: Object.fromEntries([...groups].map(([type, list]) => [type, list.length])),
    ...changes,
  });
};
