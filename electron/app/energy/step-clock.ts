import type { StepTotals } from '../../../shared/contract/engine-steps.ts';

const none: StepTotals = { prefillMs: 0, decodeMs: 0, prefilled: 0 };

/**
 * What models' engines did in steps since it was last asked.
 * @param totals by model, so far; a total that fell is of a process that was started anew
 */
export const createStepClock = (
  totals: () => ReadonlyMap<string, StepTotals>,
): (() => (model: string) => StepTotals) => {
  let before = totals();
  return () => {
    const last = before;
    const now = totals();
    before = now;
    return (model) => {
      const [from, to] = [last.get(model) ?? none, now.get(model) ?? none];
      const isAnew = to.prefillMs < from.prefillMs || to.decodeMs < from.decodeMs;
      return isAnew
        ? to
        : {
            prefillMs: to.prefillMs - from.prefillMs,
            decodeMs: to.decodeMs - from.decodeMs,
            prefilled: to.prefilled - from.prefilled,
          };
    };
  };
};
