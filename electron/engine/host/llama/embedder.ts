import type { LlamaContext, LlamaModel, LlamaModelOptions } from 'node-llama-cpp';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Embedder } from '../loaded-model.ts';
import type { Vocabulary } from '../vocabulary.ts';
import type { AddonAdapter, AddonContext } from './addon.ts';
import type { FileFacts } from './file-facts.ts';

/** Longest input of one embedding, tokens: a pooled input must fit in one batch. */
const longestInput = 2048;
/** `LLAMA_POOLING_TYPE_MEAN` */
const meanPooling = 1;

/**
 * Sets mean pooling where the file says nothing: llama.cpp would otherwise give the last token's vector. It only
 * touches contexts made for embeddings.
 */
export const meanPoolingOverride = ({
  architecture,
  hasPoolingType,
}: FileFacts): Pick<LlamaModelOptions, 'metadataOverrides'> =>
  hasPoolingType ? {} : { metadataOverrides: { [architecture]: { pooling_type: meanPooling } } };

/** L2 norm 1; a zero vector stays zero. */
const normalise = (vector: Float64Array): number[] => {
  const norm = Math.hypot(...vector);
  return Array.from(vector, (value) => (norm === 0 ? 0 : value / norm));
};

/** Makes the second, small context on the first call, so that chats do not pay for embeddings. */
export const createEmbedder = (
  model: LlamaModel,
  vocabulary: Vocabulary,
  findAddonContext: (context: LlamaContext) => AddonContext | undefined,
  /** At work in every embedding, at these scales. */
  adapters: readonly { readonly adapter: AddonAdapter; readonly scale: number }[],
): Embedder => {
  let opened: Promise<AddonContext> | undefined;
  const contextSize = Math.min(longestInput, model.trainContextSize);

  const open = async () => {
    const options = { contextSize, batchSize: contextSize, sequences: 1, threads: 1, _embeddings: true };
    const context = await model.createContext({ ...options, failedCreationRemedy: false });
    const addon = findAddonContext(context);
    if (addon === undefined)
      throw new AppError('engine.unsupported', 'This node-llama-cpp cannot make embeddings for Dyno.');
    addon.setLoras(
      adapters.map(({ adapter }) => adapter),
      adapters.map(({ scale }) => scale),
    );
    return addon;
  };

  const tokensOf = (text: string): Uint32Array => {
    const tokens = vocabulary.tokenize(text, false);
    const withBos = vocabulary.bos === undefined ? tokens : Uint32Array.of(vocabulary.bos, ...tokens);
    if (withBos.length > contextSize)
      throw new AppError(
        'engine.context-exceeded',
        `An input has ${withBos.length} tokens; embeddings take at most ${contextSize}.`,
        {
          hint: 'Split the text into shorter pieces.',
          details: { promptTokens: withBos.length, contextSize },
        },
      );
    if (withBos.length === 0) throw new AppError('app.bad-input', 'An embedding input is empty.');
    return withBos;
  };

  return {
    embed: async (text, threads) => {
      opened ??= open();
      const addon = await opened;
      const tokens = tokensOf(text);
      addon.setThreads(threads);
      addon.disposeSequence(0);
      addon.initBatch(tokens.length);
      addon.addToBatch(0, 0, tokens, Uint32Array.from(tokens.keys()));
      await addon.decodeBatch();
      return { vector: normalise(addon.getEmbedding(tokens.length)), tokens: tokens.length };
    },
  };
};
