import type { Model } from '../../../shared/contract/models.ts';

/** Models whose name, id, architecture, quantization or source hold every word. */
export const filterModels = (models: readonly Model[], words: string): readonly Model[] => {
  const wanted = words
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return models.filter((model) => {
    const text =
      `${model.id} ${model.name} ${model.architecture} ${model.quantization} ${model.source}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
};
