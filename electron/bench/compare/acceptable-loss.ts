import type { ComparisonRow } from '../../../shared/contract/bench.ts';
import { writeWithError } from '../../../shared/units/estimate.ts';
import { formatCount, formatFigure } from '../../../shared/units/format.ts';

/**
 * A file further from its base than this, mean KL divergence in nats, is not recommended for its speed. Llama-3-8B by
 * llama.cpp's perplexity tool: Q4_K_M 0.028, Q3_K_M 0.084; most people see the loss of the second and not of the first.
 */
export const acceptableKldNats = 0.05;

/** Close enough to its base, and not shown to answer tasks worse. False where quality was not judged. */
export const isCloseEnough = ({ quality }: Pick<ComparisonRow, 'quality'>): boolean =>
  quality !== null && quality.kld.value <= acceptableKldNats && quality.tasks?.verdict !== 'worse';

/** What taking `row` costs in quality, and which files were left out for theirs. */
export const lossInWords = (
  { quality, isBase }: Pick<ComparisonRow, 'quality' | 'isBase'>,
  baseName: string,
  leftOut: readonly string[],
): string => {
  const loss =
    quality === null || isBase || quality.resultId === null
      ? ''
      : `It is ${writeWithError(quality.kld.value, quality.kld.standardError)} nats away from ${baseName}, and holds the same token most likely at ${formatFigure(quality.sameTop.value * 100)} % of ${formatCount(quality.n)} positions. `;
  if (leftOut.length === 0) return loss.trimEnd();
  const verb = leftOut.length === 1 ? 'is' : 'are';
  return `${loss}${leftOut.join(', ')} ${verb} over ${acceptableKldNats} nats away or worse in the tasks, and not considered.`;
};
