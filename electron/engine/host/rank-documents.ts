import { AppError } from '../../../shared/errors/app-error.ts';
import type { LoadedModel } from './loaded-model.ts';

interface RankPorts {
  readonly loaded: Pick<LoadedModel, 'embedder' | 'ranker'> & {
    readonly facts: Pick<LoadedModel['facts'], 'ranking'>;
  };
  /** Runs `act` between two steps of the others, so that chats go on in between. */
  readonly inTurn: <Result>(act: () => Promise<Result>) => Promise<Result>;
  readonly threads: () => number;
  readonly signal: AbortSignal;
}

interface Ranked {
  /** In the order of the documents. */
  readonly scores: readonly number[];
  readonly promptTokens: number;
}

/** Cosine of the angle between vectors of length 1, −1 to 1; of a zero vector 0. */
const cosine = (left: readonly number[], right: readonly number[]): number => {
  const sum = left.reduce((total, value, at) => total + value * (right[at] ?? 0), 0);
  return Math.max(-1, Math.min(1, sum)); // rounding makes 1.0000000000000002 of two equal vectors
};

/** A cross-encoder reads the query with each document. */
const rankTogether = async (
  query: string,
  documents: readonly string[],
  { loaded, inTurn, threads, signal }: RankPorts,
): Promise<Ranked> => {
  const scores: number[] = [];
  let promptTokens = 0;
  for (const document of documents) {
    if (signal.aborted) throw new AppError('app.cancelled');
    const ranked = await inTurn(() => loaded.ranker.rank(query, document, threads()));
    scores.push(ranked.score);
    promptTokens += ranked.tokens;
  }
  return { scores, promptTokens };
};

/** Every text is read once, the query too. */
const rankByEmbeddings = async (
  query: string,
  documents: readonly string[],
  { loaded, inTurn, threads, signal }: RankPorts,
): Promise<Ranked> => {
  const embed = (text: string) => {
    if (signal.aborted) throw new AppError('app.cancelled');
    return inTurn(() => loaded.embedder.embed(text, threads()));
  };
  const asked = await embed(query);
  const scores: number[] = [];
  let promptTokens = asked.tokens;
  for (const document of documents) {
    const { vector, tokens } = await embed(document);
    scores.push(cosine(asked.vector, vector));
    promptTokens += tokens;
  }
  return { scores, promptTokens };
};

/**
 * Scores each document by its relevance to the query, in the way the model has: 0 to 1 from a cross-encoder, the cosine
 * of the embeddings (−1 to 1) from any other.
 * @throws AppError `engine.unsupported`, `engine.context-exceeded`, `app.cancelled`
 */
export const rankDocuments = async (
  query: string,
  documents: readonly string[],
  ports: RankPorts,
): Promise<Ranked> => {
  const { ranking = 'no' } = ports.loaded.facts;
  switch (ranking) {
    case 'cross-encoder':
      return rankTogether(query, documents, ports);
    case 'embeddings':
      return rankByEmbeddings(query, documents, ports);
    case 'no':
      throw new AppError('engine.unsupported', 'This model is no reranker and makes no embeddings.', {
        details: { param: 'model' },
      });
    default:
      return ranking satisfies never;
  }
};
