/** Bytes missing at one context size: zero or less fits. Rises with the context size. */
export interface ContextNeed {
  readonly contextSize: number;
  readonly missingBytes: number;
}

/** llama.cpp pads the KV cache to this many tokens. */
const contextStep = 256;

/** One child estimates this many sizes in 5 ms each, after 1 to 2 s of starting. */
const sizesPerChild = 16;

const floorToStep = (size: number): number => Math.floor(size / contextStep) * contextStep;

/** Powers of two from one step up to the training context, and that itself: the first look at the whole range. */
export const firstContextSizes = (trainedContextSize: number): readonly number[] => {
  const largest = floorToStep(trainedContextSize);
  const sizes: number[] = [];
  for (let size = contextStep; size < largest; size *= 2) sizes.push(size);
  return largest === 0 ? [] : [...sizes, largest];
};

/** Only whole steps up to the training context are answers; an asked size may be another. */
const inRange = (known: readonly ContextNeed[], trainedContextSize: number): readonly ContextNeed[] =>
  known.filter(({ contextSize }) => contextSize % contextStep === 0 && contextSize <= trainedContextSize);

const bySize = (a: ContextNeed, b: ContextNeed): number => a.contextSize - b.contextSize;

/** Largest context size known to fit; 0 when none does. */
export const largestFitting = (known: readonly ContextNeed[], trainedContextSize: number): number =>
  inRange(known, trainedContextSize)
    .filter(({ missingBytes }) => missingBytes <= 0)
    .reduce((largest, { contextSize }) => Math.max(largest, contextSize), 0);

/**
 * Sizes to estimate next, between the largest known to fit and the smallest known not to; empty once they are
 * neighbours, or when all or none fits. The straight line between the two is a good guess, because the cache grows
 * linearly; sizes around it and an even grid narrow the rest, so 131,072 tokens take two rounds.
 */
export const narrowContextSizes = (
  known: readonly ContextNeed[],
  trainedContextSize: number,
): readonly number[] => {
  const candidates = inRange(known, trainedContextSize).toSorted(bySize);
  const low = candidates.findLast(({ missingBytes }) => missingBytes <= 0);
  const high = candidates.find(
    ({ contextSize, missingBytes }) => missingBytes > 0 && contextSize > (low?.contextSize ?? 0),
  );
  if (low === undefined || high === undefined) return [];
  const span = high.contextSize - low.contextSize;
  if (span <= contextStep) return [];

  const share = -low.missingBytes / (high.missingBytes - low.missingBytes);
  const guess = floorToStep(low.contextSize + span * share);
  const near = [guess - contextStep, guess, guess + contextStep, guess + 2 * contextStep];
  const gridCount = sizesPerChild - near.length;
  const grid = Array.from({ length: gridCount }, (_, index) =>
    floorToStep(low.contextSize + (span * (index + 1)) / (gridCount + 1)),
  );
  return [...new Set([...near, ...grid])]
    .filter((size) => size > low.contextSize && size < high.contextSize)
    .sort((a, b) => a - b);
};
