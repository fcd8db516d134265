import type { ModelStore, StoredModel } from '../../electron/platform/stores.ts';

/** Keeps rows in memory; `rows` is what a restart would find. */
export const createFakeModelStore = (
  initial: readonly StoredModel[] = [],
): ModelStore & { readonly rows: ReadonlyMap<string, StoredModel> } => {
  const rows = new Map(initial.map((row) => [row.path, row]));
  return {
    rows,
    list: () => [...rows.values()],
    put: (row) => void rows.set(row.path, row),
    remove: (path) => void rows.delete(path),
  };
};
