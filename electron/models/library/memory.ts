import type { Model } from '../../../shared/contract/models.ts';
import type { ModelStore, StoredModel } from '../../platform/stores.ts';
import type { Described } from './describe-model.ts';
import type { Candidate } from './scan-places.ts';

/** What the library remembers about files between starts, over `ModelStore`. */
export interface LibraryMemory {
  get(path: string): StoredModel | undefined;
  /** SHA-256 of the file as it is now; `null` when unknown or the file changed since. */
  sha256Of(model: Pick<Described, 'path' | 'sizeBytes' | 'modifiedMs'>): string | null;
  /** Files the user registered although they lie in no scanned folder. */
  pinned(): readonly Candidate[];
  /** Merges `changes` into what is known about the file of `model`. */
  remember(model: Model, changes: Partial<Pick<StoredModel, 'sha256' | 'isPinned' | 'isHidden'>>): void;
  forget(path: string): void;
}

const sources: readonly Model['source'][] = [
  'bundled',
  'dyno',
  'hugging-face',
  'lm-studio',
  'ollama',
  'folder',
  'dropped',
];

/** The source a stored row names; `undefined` for one an older or newer Dyno knew. */
export const readSource = (text: string): Model['source'] | undefined =>
  sources.find((source) => source === text);

export const createLibraryMemory = (store: ModelStore): LibraryMemory => {
  const rows = new Map(store.list().map((row) => [row.path, row]));
  return {
    get: (path) => rows.get(path),
    sha256Of: ({ path, sizeBytes, modifiedMs }) => {
      const row = rows.get(path);
      return row?.sizeBytes === sizeBytes && row.modifiedMs === modifiedMs ? row.sha256 : null;
    },
    pinned: () =>
      [...rows.values()]
        .filter(({ isPinned, isHidden }) => isPinned && !isHidden)
        .map(({ path, source }) => ({ path, source: readSource(source) ?? 'dropped', alias: undefined })),
    remember: ({ path, sizeBytes, modifiedMs, sha256, source, derivedFrom }, changes) => {
      const known = rows.get(path);
      const row: StoredModel = {
        path,
        sizeBytes,
        modifiedMs,
        sha256,
        source,
        derivedFrom,
        isPinned: known?.isPinned ?? false,
        isHidden: known?.isHidden ?? false,
        ...changes,
      };
      store.put(row);
      rows.set(path, row);
    },
    forget: (path) => {
      store.remove(path);
      rows.delete(path);
    },
  };
};
