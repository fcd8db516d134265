import type { JobState } from '../contract/common.ts';

/** Some parts failed, and the others are there as of any finished run. */
export const isPartlyFailed = (state: JobState): boolean =>
  state.type === 'failed' && state.error.code === 'bench.partly-failed';

/** Its figures can be shown: all of them, or those of the parts that did not fail. */
export const hasFigures = (state: JobState): boolean => state.type === 'done' || isPartlyFailed(state);

/** The state in a word or two, for lists. */
export const stateWord = (state: JobState): string => (isPartlyFailed(state) ? 'partly failed' : state.type);
