import type { QualityFigures } from '../../../shared/contract/bench-judge.ts';
import type { QualityResult, ScoredMean } from '../../../shared/contract/quality.ts';

const figureOf = ({ value, standardError }: ScoredMean) => ({ value, standardError });
const certain = (value: number) => ({ value, standardError: 0 });

/** The figures of a candidate. */
export const candidateFigures = ({ id, text, tasks }: QualityResult): QualityFigures => ({
  resultId: id,
  kld: figureOf(text.kld.mean),
  ppl: figureOf(text.ppl),
  sameTop: figureOf(text.sameTop),
  n: text.n,
  tasks: tasks === null ? null : { ...tasks.candidate, verdict: tasks.verdict },
});

/** The base's own figures, from any result against it: by definition it does not diverge from itself. */
export const baseFigures = ({ text, tasks }: QualityResult): QualityFigures => ({
  resultId: null,
  kld: certain(0),
  ppl: figureOf(text.pplBase),
  sameTop: certain(1),
  n: text.n,
  tasks: tasks === null ? null : { ...tasks.base, verdict: null },
});
