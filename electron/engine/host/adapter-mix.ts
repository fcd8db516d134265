import { AppError } from '../../../shared/errors/app-error.ts';
import type { AdapterFile, AdapterScale } from '../engine.ts';

/** The adapters at work on a sequence. What one mix computed is of no use to another: their keys differ. */
export interface AdapterMix {
  /** Equal for the same files at the same scales, in whatever order they were loaded; empty when none is at work. */
  readonly key: string;
  /** Of every loaded adapter, by id; 0 is off. */
  readonly scales: readonly number[];
}

/** The model alone. */
export const noAdapters: AdapterMix = { key: '', scales: [] };

const mixOf = (loaded: readonly AdapterFile[], scales: readonly number[]): AdapterMix => ({
  key: loaded
    .flatMap(({ sha256 }, id) => (scales[id] === 0 ? [] : [`${sha256}*${scales[id]}`]))
    .toSorted()
    .join('+'),
  scales,
});

/**
 * The mix a request asks for, as llama.cpp reads it: named adapters at their scales and all others off; without a wish the
 * scales of the load.
 * @throws AppError `app.bad-input` for an id that no adapter has
 */
export const mixAdapters = (
  loaded: readonly AdapterFile[],
  asked: readonly AdapterScale[] | undefined,
): AdapterMix => {
  if (loaded.length === 0 && (asked === undefined || asked.length === 0)) return noAdapters;
  const foreign = asked?.find(({ id }) => loaded[id] === undefined);
  if (foreign !== undefined)
    throw new AppError('app.bad-input', `There is no adapter ${foreign.id}.`, { details: { param: 'lora' } });
  return mixOf(
    loaded,
    asked === undefined
      ? loaded.map(({ scale }) => scale)
      : loaded.map((_, id) => asked.findLast((each) => each.id === id)?.scale ?? 0),
  );
};

/** Runs of sequences that can decode in one batch, in the order of their first ones; nearly always one run of all. */
export const groupByAdapters = <Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): readonly (readonly Item[])[] => {
  const [first] = items;
  if (first === undefined) return [];
  const key = keyOf(first);
  if (items.every((item) => keyOf(item) === key)) return [items];
  return [...Map.groupBy(items, keyOf).values()];
};
