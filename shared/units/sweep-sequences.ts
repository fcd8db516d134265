import type { Estimate } from '../contract/common.ts';
import type { Sweep, SweepCandidate, SweepSpec } from '../contract/sweep.ts';

/** Sequences a candidate runs side by side. */
export const sequencesOf = (
  { sequences }: Pick<SweepCandidate, 'sequences'>,
  spec: Pick<SweepSpec, 'sequences'>,
): number => sequences ?? spec.sequences;

/** Whether a candidate runs more than one sequence, so that a speed is not that of each. */
export const hasSeveralSequences = ({ candidates, spec }: Pick<Sweep, 'candidates' | 'spec'>): boolean =>
  candidates.some((candidate) => sequencesOf(candidate, spec) > 1);

/** Median tokens/s that each of the candidate's sequences gets; `null` while nothing is measured. */
export const perSequence = (estimate: Estimate | null, sequences: number): number | null =>
  estimate === null ? null : estimate.median / sequences;

/** What "better" means where candidates run several sequences. */
export const sequencesNote =
  'Better is more tokens per second of all sequences together; “each” is that median over the number of sequences, what one of them gets.';
