import { arrayOf, bool, float32, text, uint32, type MetadataValue } from '../gguf/metadata.ts';
import type { ModelShape } from './shapes.ts';
import type { Vocabulary } from './vocabulary.ts';

type Entry = readonly [key: string, value: MetadataValue];

/** ChatML, the template most open models use. */
export const chatMlTemplate =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

const architectureEntries = (shape: ModelShape): readonly Entry[] => {
  const { architecture, experts, slidingWindow } = shape;
  const at = (name: string) => `${architecture}.${name}`;
  const namesHeads = architecture !== 'llama' && architecture !== 'qwen2';
  return [
    [at('context_length'), uint32(shape.contextLength)],
    [at('embedding_length'), uint32(shape.embeddingLength)],
    [at('block_count'), uint32(shape.blockCount)],
    [at('feed_forward_length'), uint32(shape.feedForwardLength)],
    [at('attention.head_count'), uint32(shape.headCount)],
    [at('attention.head_count_kv'), uint32(shape.headCountKv)],
    [at('attention.layer_norm_rms_epsilon'), float32(shape.normEpsilon)],
    [at('rope.freq_base'), float32(shape.ropeFrequencyBase)],
    ...(namesHeads
      ? ([
          [at('attention.key_length'), uint32(shape.headLength)],
          [at('attention.value_length'), uint32(shape.headLength)],
        ] as const)
      : ([[at('rope.dimension_count'), uint32(shape.headLength)]] as const)),
    ...(architecture === 'llama' ? ([[at('vocab_size'), uint32(shape.vocabularySize)]] as const) : []),
    ...(slidingWindow === undefined
      ? []
      : ([[at('attention.sliding_window'), uint32(slidingWindow)]] as const)),
    ...(experts === undefined
      ? []
      : ([
          [at('expert_count'), uint32(experts.count)],
          [at('expert_used_count'), uint32(experts.usedCount)],
          [at('expert_feed_forward_length'), uint32(experts.feedForwardLength)],
        ] as const)),
  ];
};

const optionalId = (key: string, id: number | null): readonly Entry[] =>
  id === null ? [] : [[`tokenizer.ggml.${key}`, uint32(id)]];

const tokenizerEntries = (vocabulary: Vocabulary): readonly Entry[] => [
  ['tokenizer.ggml.model', text(vocabulary.model)],
  ...(vocabulary.pre === null ? [] : ([['tokenizer.ggml.pre', text(vocabulary.pre)]] as const)),
  ['tokenizer.ggml.tokens', arrayOf('string', vocabulary.tokens)],
  ['tokenizer.ggml.token_type', arrayOf('int32', vocabulary.tokenTypes)],
  ...(vocabulary.scores === null
    ? []
    : ([['tokenizer.ggml.scores', arrayOf('float32', vocabulary.scores)]] as const)),
  ...(vocabulary.merges === null
    ? []
    : ([['tokenizer.ggml.merges', arrayOf('string', vocabulary.merges)]] as const)),
  ['tokenizer.ggml.bos_token_id', uint32(vocabulary.bosId)],
  ['tokenizer.ggml.eos_token_id', uint32(vocabulary.eosId)],
  ...optionalId('padding_token_id', vocabulary.paddingId),
  ...optionalId('unknown_token_id', vocabulary.unknownId),
  ['tokenizer.ggml.add_bos_token', bool(vocabulary.model === 'llama')],
];

/** Metadata of a generated model in the order usual tools write them. */
export const describeModel = (
  shape: ModelShape,
  vocabulary: Vocabulary,
  facts: { readonly name: string; readonly ftype: number; readonly chatTemplate: string | null },
): readonly Entry[] => [
  ['general.architecture', text(shape.architecture)],
  ['general.name', text(facts.name)],
  ['general.file_type', uint32(facts.ftype)],
  ['general.quantization_version', uint32(2)],
  ...architectureEntries(shape),
  ...tokenizerEntries(vocabulary),
  ...(facts.chatTemplate === null ? [] : ([['tokenizer.chat_template', text(facts.chatTemplate)]] as const)),
];
