import type { MemoryPrediction } from '../contract/memory.ts';
import type { MemoryFit } from '../contract/models.ts';
import { formatGib } from './format.ts';

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

/** By which figure it was decided whether a setting fits, as the end of a sentence. */
export const decisionText = ({
  decidedBy,
  neededRamBytes,
  totalRamBytes,
  expected,
}: Pick<MemoryFit, 'decidedBy' | 'neededRamBytes' | 'totalRamBytes' | 'expected'>): string => {
  switch (decidedBy) {
    case 'learned':
      return `by the ${formatGib(neededRamBytes)} GiB a load takes, ${basisText(expected)}; llama.cpp's total is ${formatGib(totalRamBytes)} GiB`;
    case 'estimate':
      return expected.n === 0
        ? "by llama.cpp's total, compute buffers included; no load was seen here yet"
        : `by llama.cpp's total, compute buffers included: more than the ${formatGib(expected.ramBytes)} GiB a load takes, ${basisText(expected)}`;
  }
};
