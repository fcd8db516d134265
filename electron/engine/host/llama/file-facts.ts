import { readGgufFileInfo } from 'node-llama-cpp';
import type { EngineSettings } from '../../../../shared/contract/models.ts';
import { tensorBytes } from '../../../models/gguf/encode-header.ts';
import { tensorTypes } from '../../../models/gguf/tensor-types.ts';
import { resolveUseMmap } from '../../../models/repack-policy.ts';

/** What the header says that has to be known before or beside the load. */
export interface FileFacts {
  readonly architecture: string;
  readonly vocabularySize: number;
  readonly chatTemplate: string | null;
  /** The file itself says how embeddings are pooled. */
  readonly hasPoolingType: boolean;
  readonly sizeBytes: number;
  readonly tensors: readonly {
    readonly name: string;
    readonly type: string;
    readonly shape: number[];
    readonly sizeBytes: number;
  }[];
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
  const tensors = (info.fullTensorInfo ?? info.tensorInfo ?? []).map(({ name, dimensions, ggmlType }) => {
    const type = typesById.get(ggmlType);
    const shape = dimensions.map(Number);
    return { name, type: type?.name ?? 'unknown', shape, sizeBytes: type ? tensorBytes({ shape, type }) : 0 };
  });
  return {
    architecture,
    vocabularySize: Array.isArray(tokens) ? tokens.length : 0,
    chatTemplate: typeof template === 'string' && template !== '' ? template : null,
    hasPoolingType: readKey(info.metadata, architecture, 'pooling_type') !== undefined,
    sizeBytes: tensors.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    tensors,
  };
};

/** On the CPU `auto` avoids keeping repacked weights twice; on a GPU the pages are dropped after the upload. */
export const chooseMmap = (setting: EngineSettings['useMmap'], file: FileFacts, hasGpu: boolean): boolean =>
  setting === 'auto' && hasGpu ? true : resolveUseMmap(setting, file, process.arch);
