import type { BenchModel } from '../../../shared/contract/bench.ts';
import type { EngineSettingsPatch, Model } from '../../../shared/contract/models.ts';
import { AppError } from '../../../shared/errors/app-error.ts';

/** What is measured under one name: a model of the library, or a variant of it. */
export interface Contender {
  /** With the contender's own id. */
  readonly model: Model;
  readonly variant: BenchModel['variant'];
}

const words: Readonly<Record<keyof EngineSettingsPatch, string>> = {
  contextSize: 'context',
  slots: 'slots',
  threads: 'threads',
  batchSize: 'batch',
  flashAttention: 'flash attention',
  kvKeyType: 'KV keys',
  kvValueType: 'KV values',
  gpuLayers: 'GPU layers',
  useMmap: 'mmap',
};

const wordOf = (key: string): string => Object.entries(words).find(([known]) => known === key)?.[1] ?? key;

/** `threads 1, batch 256`; KV keys and values of one type are one setting for people. */
const labelOf = (settings: EngineSettingsPatch): string => {
  const { kvKeyType, kvValueType, ...rest } = settings;
  const kv: Readonly<Record<string, unknown>> =
    kvKeyType !== undefined && kvKeyType === kvValueType ? { KV: kvKeyType } : { kvKeyType, kvValueType };
  return Object.entries({ ...rest, ...kv })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${wordOf(key)} ${String(value)}`)
    .join(', ');
};

/**
 * One contender per model and settings. Without settings of its own the first of a model keeps the model's name;
 * further ones are called `again`, `again 2` …: the arms of a run of a model against itself. Pure.
 * @param ownSettings by position; missing = none. @throws AppError `app.bad-input` for more settings than models
 */
export const contendersOf = (
  models: readonly Model[],
  ownSettings: readonly EngineSettingsPatch[],
): readonly Contender[] => {
  if (ownSettings.length > models.length) {
    throw new AppError('app.bad-input', 'There are more settings of arms than models.');
  }
  const taken = new Set<string>();
  return models.map((model, index): Contender => {
    const settings = ownSettings[index] ?? {};
    const named = labelOf(settings);
    if (named === '' && !taken.has(model.id)) {
      taken.add(model.id);
      return { model, variant: null };
    }
    for (let count = 1; ; count += 1) {
      const repeat = count === 1 ? '' : ` ${count}`;
      const label = named === '' ? `again${repeat}` : `${named}${repeat === '' ? '' : `, again${repeat}`}`;
      const id = `${model.id} (${label})`;
      if (taken.has(id)) continue;
      taken.add(id);
      return { model: { ...model, id }, variant: { of: model.id, label, settings } };
    }
  });
};
