import type { ModelDetails } from '../../../shared/contract/models.ts';

export interface TensorShare {
  readonly type: string;
  readonly count: number;
  readonly bytes: number;
}

/** Tensors and bytes per type, largest share first. */
export const tensorShares = (tensors: ModelDetails['tensors']): readonly TensorShare[] => {
  const shares = new Map<string, TensorShare>();
  for (const tensor of tensors) {
    const before = shares.get(tensor.type) ?? { type: tensor.type, count: 0, bytes: 0 };
    shares.set(tensor.type, {
      type: tensor.type,
      count: before.count + 1,
      bytes: before.bytes + tensor.sizeBytes,
    });
  }
  return [...shares.values()].toSorted((left, right) => right.bytes - left.bytes);
};
