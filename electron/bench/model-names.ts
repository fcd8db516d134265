import type { BenchModel } from '../../shared/contract/bench.ts';

type Named = Pick<BenchModel, 'modelId' | 'quantization' | 'variant'>;

const shortName = ({ quantization, variant }: Named): string =>
  variant === null ? quantization : `${quantization} (${variant.label})`;

/** Short names for tables and sentences: the quantization where it is unique among the models, else the id. */
export const namesOf = (models: readonly Named[]): ((modelId: string) => string) => {
  const ids = new Set(models.map((model) => model.modelId));
  const isUnique = new Set(models.map(shortName)).size === ids.size;
  const names = new Map(models.map((model) => [model.modelId, isUnique ? shortName(model) : model.modelId]));
  return (modelId) => names.get(modelId) ?? modelId;
};

/** A name for a run nobody named: what was measured. */
export const runNameOf = (models: readonly (Named & Pick<BenchModel, 'name'>)[]): string => {
  const [first] = models;
  if (first !== undefined && models.every((model) => model.name === first.name)) {
    return `${first.name}: ${models.map(shortName).join(', ')}`;
  }
  const shown = models.slice(0, 3).map((model) => model.modelId);
  const more = models.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
};

/**
 * A sentence when engines chose different numbers of threads, `undefined` when they did not. Engines of one run on
 * `auto` take what the first chose; they differ where runs are put together, and where a limit had changed.
 */
export const threadDifference = (
  models: readonly (Named & Pick<BenchModel, 'engine'>)[],
): string | undefined => {
  if (models.some(({ variant }) => variant?.settings.threads !== undefined)) return undefined; // they were told to
  const nameOf = namesOf(models);
  const loaded = models.flatMap((model) =>
    model.engine === null ? [] : [{ name: nameOf(model.modelId), threads: model.engine.threads }],
  );
  if (new Set(loaded.map(({ threads }) => threads)).size < 2) return undefined;
  const list = loaded.map(({ name, threads }) => `${name} ${threads}`).join(', ');
  return `The engines chose different numbers of threads (${list}). Give --threads to hold them equal.`;
};
