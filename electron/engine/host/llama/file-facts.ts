import { readGgufFileInfo } from 'node-llama-cpp';
import { tensorBytes } from '../../../models/gguf/encode-header.ts';
import { tensorTypes } from '../../../models/gguf/tensor-types.ts';
import type { FileTensor } from './copied-weights.ts';

/** What the header says that has to be known before or beside the load. */
export interface FileFacts {
  readonly architecture: string;
  readonly vocabularySize: number;
  readonly chatTemplate: string | null;
  /** The file itself says how embeddings are pooled. */
  readonly hasPoolingType: boolean;
  readonly tensors: readonly FileTensor[];
}

const typesById = new Map<number, (typeof tensorTypes)[number]>(tensorTypes.map((type) => [type.id, type]));

const readKey = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );

/** Reads the header of a file that was validated before. */
export const readFileFacts = async (path: string): Promise<FileFacts> => {
  const info = await readGgufFileInfo(path, { sourceType: 'filesystem', logWarnings: false });
  const { architecture } = info.metadata.general;
  const tokens = readKey(info.metadata, 'tokenizer', 'ggml', 'tokens');
  const template = readKey(info.metadata, 'tokenizer', 'chat_template');
  const tensors = (info.fullTensorInfo ?? info.tensorInfo ?? []).map((tensor): FileTensor => {
    const type = typesById.get(tensor.ggmlType);
    const shape = tensor.dimensions.map(Number);
    return {
      name: tensor.name,
      type: type?.name ?? 'unknown',
      shape,
      sizeBytes: type ? tensorBytes({ shape, type }) : 0,
      offset: Number(tensor.fileOffset),
      filePart: tensor.filePart,
    };
  });
  return {
    architecture,
    vocabularySize: Array.isArray(tokens) ? tokens.length : 0,
    chatTemplate: typeof template === 'string' && template !== '' ? template : null,
    hasPoolingType: readKey(info.metadata, architecture, 'pooling_type') !== undefined,
    tensors,
  };
};
