import { max } from 'simple-statistics';
import type { RequestSample } from '../../../shared/contract/bench.ts';

/**
 * Largest relative difference between the prompt tokens a server counted and those a prompt was built with.
 * @param built tokens by request index, where a tokenizer said so. @returns `null` where nothing can be compared.
 */
export const promptCountError = (
  samples: readonly RequestSample[],
  built: ReadonlyMap<number, number>,
): number | null => {
  const errors = samples.flatMap(({ index, promptTokens }) => {
    const tokens = built.get(index);
    return tokens === undefined || promptTokens === null ? [] : [Math.abs(promptTokens - tokens) / tokens];
  });
  return errors.length === 0 ? null : max(errors);
};
