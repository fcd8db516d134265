import type { BenchModel } from '../../shared/contract/bench.ts';

/** Short names for tables and sentences: the quantization where it is unique among the models, else the id. */
export const namesOf = (
  models: readonly Pick<BenchModel, 'modelId' | 'quantization'>[],
): ((modelId: string) => string) => {
  const ids = new Set(models.map((model) => model.modelId));
  const isUnique = new Set(models.map((model) => model.quantization)).size === ids.size;
  const names = new Map(
    models.map((model) => [model.modelId, isUnique ? model.quantization : model.modelId]),
  );
  return (modelId) => names.get(modelId) ?? modelId;
};

/** A name for a run nobody named: what was measured. */
export const runNameOf = (
  models: readonly Pick<BenchModel, 'name' | 'quantization' | 'modelId'>[],
): string => {
  const [first] = models;
  if (first !== undefined && models.every((model) => model.name === first.name)) {
    return `${first.name}: ${models.map((model) => model.quantization).join(', ')}`;
  }
  const shown = models.slice(0, 3).map((model) => model.modelId);
  const more = models.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
};
