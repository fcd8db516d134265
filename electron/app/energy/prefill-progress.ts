import { inPrefillMs, type EngineWork, type Stretch } from '../../gateway/index.ts';

/** A request of a model, with the tokens of its prompt that stretches before had taken in. */
export interface PrefillWork {
  readonly work: EngineWork;
  readonly before: number;
}

const isThrough = ({ firstTokenMs }: EngineWork, stretch: Stretch): boolean =>
  firstTokenMs !== null && firstTokenMs <= stretch.toMs;

/**
 * Prompt tokens that each request of a model had taken in within a stretch. Who has its first token has taken in all that
 * was left; the others share, by their time in prefill, the rest of what the steps took in.
 * @param prefilled by the model's steps within the stretch
 * @returns in the order given. Pure.
 */
export const prefilledIn = (
  works: readonly PrefillWork[],
  prefilled: number,
  stretch: Stretch,
): readonly number[] => {
  const left = ({ work, before }: PrefillWork): number => Math.max(0, (work.prefillTokens ?? 0) - before);
  const open = works.filter(({ work }) => !isThrough(work, stretch));
  const taken = works
    .filter(({ work }) => isThrough(work, stretch))
    .reduce((sum, each) => sum + left(each), 0);
  const rest = Math.max(0, prefilled - taken);
  const openMs = open.reduce((sum, { work }) => sum + inPrefillMs(work, stretch), 0);
  return works.map((each) =>
    isThrough(each.work, stretch)
      ? left(each)
      : openMs > 0
        ? Math.min(left(each), (rest * inPrefillMs(each.work, stretch)) / openMs)
        : 0,
  );
};
