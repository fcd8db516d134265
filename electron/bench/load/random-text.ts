import type { EngineReplica } from '../../engine/engine.ts';
import { createSeededRandom } from '../stats/seeded-random.ts';

/** Ids enough that cut prompts differ from each other. */
const idCount = 4096;
const wordCount = 8192;
const syllables =
  'ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu ra re ri ro ru sa se si so su ta te ti to tu';

/** Random ids of a vocabulary written as text: the worst case for speculation and for caches, as other tools send it. */
export const randomIdText = (
  replica: Pick<EngineReplica, 'detokenize' | 'facts'>,
  seed: number,
): Promise<string> => {
  const random = createSeededRandom(seed);
  const { vocabularySize } = replica.facts();
  return replica.detokenize(Array.from({ length: idCount }, () => Math.floor(random() * vocabularySize)));
};

/** Random words, for targets whose vocabulary is not known. */
export const randomWordText = (seed: number): string => {
  const random = createSeededRandom(seed);
  const parts = syllables.split(' ');
  const syllable = (): string => parts[Math.floor(random() * parts.length)] ?? '';
  return Array.from({ length: wordCount }, () =>
    Array.from({ length: 1 + Math.floor(random() * 3) }, syllable).join(''),
  ).join(' ');
};
