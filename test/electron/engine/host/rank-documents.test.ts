import { expect, it } from 'vitest';
import { rankingOf } from '../../../../electron/engine/host/llama/ranker.ts';
import { rankDocuments } from '../../../../electron/engine/host/rank-documents.ts';
import type { Ranking } from '../../../../shared/contract/engine.ts';

/** Vectors of length 1 by the text; a token per letter. */
const vectors: Readonly<Record<string, readonly number[]>> = {
  same: [0.6, 0.8],
  query: [0.6, 0.8],
  across: [0.8, -0.6],
  against: [-0.6, -0.8],
};

const world = (ranking: Ranking | undefined, signal = new AbortController().signal) => {
  const read: string[] = [];
  const log = <Result>(text: string, result: Result) => {
    read.push(text);
    return Promise.resolve(result);
  };
  return {
    read,
    ports: {
      loaded: {
        facts: { ...(ranking && { ranking }) },
        embedder: {
          embed: (text: string) => log(text, { vector: vectors[text] ?? [0, 0], tokens: text.length }),
        },
        ranker: {
          rank: (query: string, document: string) =>
            log(`${query} + ${document}`, { score: 0.5, tokens: query.length + document.length }),
        },
      },
      inTurn: <Result>(act: () => Promise<Result>) => act(),
      threads: () => 1,
      signal,
    },
  };
};

it('lets the verdict of a cross-encoder go before the likeness of embeddings', () => {
  expect(rankingOf({ isCrossEncoder: true, canEmbed: true })).toBe('cross-encoder');
  expect(rankingOf({ isCrossEncoder: false, canEmbed: true })).toBe('embeddings');
  expect(rankingOf({ isCrossEncoder: false, canEmbed: false })).toBe('no');
});

it('reads the query with every document as a cross-encoder', async () => {
  const { ports, read } = world('cross-encoder');
  expect(await rankDocuments('query', ['a', 'bc'], ports)).toEqual({ scores: [0.5, 0.5], promptTokens: 13 });
  expect(read).toEqual(['query + a', 'query + bc']);
});

it('reads the query once where embeddings are compared, and keeps within -1 and 1', async () => {
  const { ports, read } = world('embeddings');
  const ranked = await rankDocuments('query', ['same', 'across', 'against', 'nothing'], ports);
  expect(ranked.scores.map((score) => Math.round(score * 1e9) / 1e9)).toEqual([1, 0, -1, 0]);
  expect(ranked.scores.every((score) => Math.abs(score) <= 1)).toBe(true);
  expect(ranked.promptTokens).toBe(5 + 4 + 6 + 7 + 7);
  expect(read).toEqual(['query', 'same', 'across', 'against', 'nothing']);
});

it('stops between two texts when nobody waits for it any more', async () => {
  const stopping = new AbortController();
  const { ports, read } = world('embeddings', stopping.signal);
  const inTurn: typeof ports.inTurn = async (act) => {
    const result = await act();
    if (read.length === 2) stopping.abort();
    return result;
  };
  const ranked = rankDocuments('query', ['same', 'across', 'against'], { ...ports, inTurn });
  await expect(ranked).rejects.toMatchObject({ code: 'app.cancelled' });
  expect(read).toEqual(['query', 'same']);
});

it('refuses where the model does neither, and where an old engine says nothing', async () => {
  for (const ranking of ['no', undefined] as const) {
    await expect(rankDocuments('query', ['a'], world(ranking).ports)).rejects.toMatchObject({
      code: 'engine.unsupported',
      details: { param: 'model' },
    });
  }
});
