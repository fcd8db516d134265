import type { ServedModel } from '../router/route-table.ts';

/** Their ids mean nothing to another model, and their answers are not its answers. */
const hasAdapters = ({ info }: ServedModel): boolean => (info.adapters ?? []).length > 0;

const isSameBase = (left: ServedModel, right: ServedModel): boolean =>
  left.info.name === right.info.name &&
  left.info.file?.architecture === right.info.file?.architecture &&
  left.info.file?.parameterCount === right.info.file?.parameterCount;

/**
 * The largest of the served quantizations of the same weights that is smaller than `model`; `undefined` where there is
 * none, and where either has adapters. Weights are taken for the same when name, architecture and number of parameters are.
 */
export const smallerSibling = (
  model: ServedModel,
  served: readonly ServedModel[],
): ServedModel | undefined => {
  const sizeOf = ({ info }: ServedModel): number => info.file?.sizeBytes ?? Infinity;
  const smaller = served.filter(
    (other) =>
      isSameBase(other, model) && sizeOf(other) < sizeOf(model) && !hasAdapters(other) && !hasAdapters(model),
  );
  return smaller.toSorted((left, right) => sizeOf(right) - sizeOf(left))[0];
};
