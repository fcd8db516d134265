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

/**
 * A sentence when engines chose different numbers of threads, `undefined` when they did not. With threads on `auto`
 * every file gets the number that was measured best for its size, as it would in use.
 */
export const threadDifference = (
  models: readonly Pick<BenchModel, 'modelId' | 'quantization' | 'engine'>[],
): string | undefined => {
  const nameOf = namesOf(models);
  const loaded = models.flatMap((model) =>
    model.engine === null ? [] : [{ name: nameOf(model.modelId), threads: model.engine.threads }],
  );
  if (new Set(loaded.map(({ threads }) => threads)).size < 2) return undefined;
  const list = loaded.map(({ name, threads }) => `${name} ${threads}`).join(', ');
  return `The engines chose different numbers of threads (${list}). Give --threads to hold them equal.`;
};
