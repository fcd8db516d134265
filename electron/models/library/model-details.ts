import type { Model, ModelDetails } from '../../../shared/contract/models.ts';
import { findArchitecture } from '../gguf/architectures.ts';
import { readHyperparameters } from '../gguf/hyperparameters.ts';
import { readString, type Metadata, type MetadataValue, type Scalar } from '../gguf/metadata.ts';
import type { GgufHeader } from '../gguf/read-header.ts';
import { templateFeatures } from './template-features.ts';

/** Longer arrays are shown by their length. */
const SHOWN_ITEMS = 64;

/** As plain JSON: 64-bit numbers beyond 2⁵³ and infinities as text. */
const toJson = (value: Scalar): string | number | boolean => {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
};

const shown = (value: MetadataValue): unknown => {
  if (value.type !== 'array') return toJson(value.value);
  return value.items !== null && value.count <= SHOWN_ITEMS
    ? value.items.map(toJson)
    : { itemType: value.itemType, length: value.count };
};

const vocabularySize = (metadata: Metadata): number | null => {
  const tokens = metadata.get('tokenizer.ggml.tokens');
  return tokens?.type === 'array' ? tokens.count : null;
};

/** The largest of a count that may differ from layer to layer. */
const largest = (values: readonly number[] | 'wrong' | undefined): number | null =>
  values === undefined || values === 'wrong' || values.length === 0 ? null : Math.max(...values);

/** All a model's headers say, in the form people look at. `headers` is empty for a file that cannot be read. */
export const detailsOf = (model: Model, headers: readonly GgufHeader[]): ModelDetails => {
  const metadata: Metadata = headers[0]?.metadata ?? new Map<string, MetadataValue>();
  const dimensions = readHyperparameters(metadata, model.architecture);
  const chatTemplate = readString(metadata, 'tokenizer.chat_template') ?? null;
  const headCount = largest(dimensions.perLayer('attention.head_count'));
  const poolingType = dimensions.number('pooling_type') ?? 0;
  return {
    ...model,
    metadata: Object.fromEntries([...metadata].map(([key, value]) => [key, shown(value)])),
    chatTemplate,
    tensors: headers.flatMap((header) =>
      header.tensors.map(({ name, type, shape, sizeBytes }) => ({
        name,
        type: type.name,
        shape: [...shape],
        sizeBytes,
      })),
    ),
    layerCount: dimensions.number('block_count') ?? null,
    embeddingLength: dimensions.number('embedding_length') ?? null,
    headCount,
    kvHeadCount: largest(dimensions.perLayer('attention.head_count_kv')) ?? headCount,
    vocabularySize: vocabularySize(metadata) ?? dimensions.number('vocab_size') ?? null,
    trainedContextLength: model.contextLength,
    features: {
      ...templateFeatures(chatTemplate),
      embeddings: findArchitecture(model.architecture) === 'encoder' || poolingType > 0,
    },
  };
};
