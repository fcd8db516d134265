import type { LlamaModel, LlamaRankingContext } from 'node-llama-cpp';
import type { Ranking } from '../../../../shared/contract/engine.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Ranker } from '../loaded-model.ts';

/** Longest query and document together, tokens: a pooled input must fit in one batch. */
const longestInput = 2048;

/** The one place that decides it: a classifier's own verdict goes before any likeness of embeddings. */
export const rankingOf = (model: {
  /** The file has a classifier's head and says that its output is a rank. */
  readonly isCrossEncoder: boolean;
  readonly canEmbed: boolean;
}): Ranking => {
  if (model.isCrossEncoder) return 'cross-encoder';
  return model.canEmbed ? 'embeddings' : 'no';
};

/** Makes the ranking context on the first call, so that chats do not pay for it. */
export const createRanker = (model: LlamaModel): Ranker => {
  let opened: Promise<LlamaRankingContext> | undefined;
  const contextSize = Math.min(longestInput, model.trainContextSize);
  return {
    rank: async (query, document, threads) => {
      opened ??= model.createRankingContext({ contextSize, batchSize: contextSize, threads });
      const context = await opened;
      const tokens = context.calculateInputLength(query, document);
      if (tokens >= contextSize)
        throw new AppError(
          'engine.context-exceeded',
          `Query and document have ${tokens} tokens; ranking takes fewer than ${contextSize}.`,
          { hint: 'Split the document.', details: { promptTokens: tokens, contextSize } },
        );
      return { score: await context.rank(query, document), tokens };
    },
  };
};
