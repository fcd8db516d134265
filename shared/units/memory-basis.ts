import type { MemoryPrediction } from '../contract/memory.ts';

/** What the expected memory of the process itself rests on, as the end of a sentence. */
export const basisText = ({ basis, n }: Pick<MemoryPrediction, 'basis' | 'n'>): string => {
  const loads = n === 1 ? '1 load' : `${n} loads`;
  switch (basis) {
    case 'default':
      return 'by shipped figures; no load was seen here yet';
    case 'machine':
      return `corrected by ${loads} of other models on this machine`;
    case 'similar':
      return `learned from ${loads} with such a vocabulary on this machine`;
  }
};
