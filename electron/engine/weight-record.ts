import type { FactStore } from '../platform/stores.ts';

/**
 * Whether every weight of a file was once found to be a number. Without that check llama.cpp answers with token 0 for
 * ever and calls it success; with it a load reads all of the file and takes longer, so it is done once per file.
 */
export interface WeightRecord {
  areChecked(): boolean;
  remember(): void;
}

/** `model` as `identifyModel` names it: a file that changed is checked again. */
export const openWeightRecord = (facts: Pick<FactStore, 'get' | 'set'>, model: string): WeightRecord => {
  const key = `engine.weights-checked:${model}`;
  return {
    areChecked: () => facts.get(key) === true,
    remember: () => facts.set(key, true),
  };
};
