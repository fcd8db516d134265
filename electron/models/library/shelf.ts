import { isDeepStrictEqual } from 'node:util';
import type { Model } from '../../../shared/contract/models.ts';
import type { EventBody } from '../../../shared/events/events.ts';
import { assignIds } from './model-ids.ts';

/** A model without its id, and what the library needs to find it again. */
export interface ShelfEntry {
  readonly model: Omit<Model, 'id'>;
  /** The first file behind all links. */
  readonly realPath: string;
  readonly alias: string | undefined;
}

/** An entry on the shelf, with its id. */
export interface PlacedEntry extends ShelfEntry {
  readonly model: Model;
}

/** The models known now. Every change of content is announced by exactly one event. */
export interface Shelf {
  readonly list: () => readonly Model[];
  /** The model one of whose files lies at `path`, links followed or not. */
  findByPath(path: string, realPath: string): PlacedEntry | undefined;
  /** Makes the shelf hold exactly these. */
  replaceAll(entries: readonly ShelfEntry[]): void;
  /** Adds one model, or replaces the one at its path. */
  put(entry: ShelfEntry): Model;
  /** Changes fields of a model that is still there. */
  update(path: string, changes: Partial<Omit<Model, 'id' | 'path'>>): void;
  remove(path: string): void;
  /** The entry as a model with the id it would get; the shelf stays as it is. */
  preview(entry: ShelfEntry): Model;
}

export const createShelf = (publish: (event: EventBody) => void): Shelf => {
  let placed: ReadonlyMap<string, PlacedEntry> = new Map();

  const withIds = (entries: readonly ShelfEntry[]): ReadonlyMap<string, PlacedEntry> => {
    const known = new Map([...placed.values()].map(({ model }) => [model.path, model.id]));
    const names = entries.map(({ model, alias }) => ({ path: model.path, alias }));
    const ids = assignIds(names, known);
    return new Map(
      entries.map((entry): [string, PlacedEntry] => {
        const { path } = entry.model;
        return [path, { ...entry, model: { ...entry.model, id: ids.get(path) ?? path } }];
      }),
    );
  };

  const become = (next: ReadonlyMap<string, PlacedEntry>): void => {
    const before = placed;
    placed = next;
    for (const [path, { model }] of before) {
      if (!next.has(path)) publish({ type: 'model.removed', modelId: model.id });
    }
    for (const [path, { model }] of next) {
      const earlier = before.get(path);
      if (earlier === undefined) publish({ type: 'model.added', model });
      else if (!isDeepStrictEqual(earlier.model, model)) publish({ type: 'model.changed', model });
    }
  };

  /** The shelf with `entry` on it, and the model `entry` becomes. */
  const beside = (entry: ShelfEntry) => {
    const { path } = entry.model;
    const others = [...placed.values()].filter(({ model }) => model.path !== path);
    const all = withIds([...others, entry]);
    return { all, model: { ...entry.model, id: all.get(path)?.model.id ?? path } };
  };

  return {
    list: () => [...placed.values()].map(({ model }) => model),
    findByPath: (path, realPath) =>
      [...placed.values()].find(
        (entry) =>
          entry.model.path === path || entry.realPath === realPath || entry.model.parts.includes(path),
      ),
    replaceAll: (entries) => become(withIds(entries)),
    put: (entry) => {
      const next = beside(entry);
      become(next.all);
      return next.model;
    },
    update: (path, changes) => {
      const entry = placed.get(path);
      if (entry === undefined) return;
      become(new Map([...placed, [path, { ...entry, model: { ...entry.model, ...changes } }]]));
    },
    remove: (path) => become(new Map([...placed].filter(([each]) => each !== path))),
    preview: (entry) => beside(entry).model,
  };
};
