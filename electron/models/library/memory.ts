import { z } from 'zod';
import { modelSchema, type Model } from '../../../shared/contract/models.ts';
import type { ModelStore, StoredModel } from '../../platform/stores.ts';
import type { Described } from './describe-model.ts';
import type { Candidate } from './scan-places.ts';

/** What the library remembers about files between starts, over `ModelStore`. */
export interface LibraryMemory {
  get(path: string): StoredModel | undefined;
  /** What the header of a whole, unsplit file gave, if the file is still the same. */
  describedAs(path: string, stat: Pick<StoredModel, 'sizeBytes' | 'modifiedMs'>): Described | undefined;
  /** Keeps what the header gave for the next start. */
  rememberHeader(model: Model): void;
  /** SHA-256 of the file as it is now; `null` when unknown or the file changed since. */
  sha256Of(model: Pick<Described, 'path' | 'sizeBytes' | 'modifiedMs'>): string | null;
  /** SHA-256 of exactly that content, however size and time of the file look; `null` when unknown. */
  sha256OfContent(path: string, fileId: string): string | null;
  /** Files the user registered although they lie in no scanned folder. */
  pinned(): readonly Candidate[];
  /** Merges `changes` into what is known about the file of `model`. */
  remember(
    model: Model,
    changes: Partial<Pick<StoredModel, 'sha256' | 'fileId' | 'isPinned' | 'isHidden' | 'header'>>,
  ): void;
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

/** Raised whenever a header is described in another way: older descriptions are then read anew. */
const headerVersion = 2;
const headerSchema = z.object({
  version: z.literal(headerVersion),
  described: modelSchema.omit({ id: true, source: true, sha256: true, derivedFrom: true }),
});

export const createLibraryMemory = (store: ModelStore): LibraryMemory => {
  const rows = new Map(store.list().map((row) => [row.path, row]));
  const remember: LibraryMemory['remember'] = (model, changes) => {
    const { path, sizeBytes, modifiedMs, sha256, source, derivedFrom } = model;
    const known = rows.get(path);
    const isSame = known?.sizeBytes === sizeBytes && known.modifiedMs === modifiedMs;
    const row: StoredModel = {
      path,
      sizeBytes,
      modifiedMs,
      sha256,
      source,
      derivedFrom,
      isPinned: known?.isPinned ?? false,
      isHidden: known?.isHidden ?? false,
      ...(isSame && known.header !== undefined && { header: known.header }),
      ...(isSame && known.sha256 === sha256 && known.fileId !== undefined && { fileId: known.fileId }),
      ...changes,
    };
    store.put(row);
    rows.set(path, row);
  };

  return {
    describedAs: (path, { sizeBytes, modifiedMs }) => {
      const row = rows.get(path);
      if (row?.sizeBytes !== sizeBytes || row.modifiedMs !== modifiedMs) return undefined;
      return headerSchema.safeParse(row.header).data?.described;
    },
    rememberHeader: (model) => {
      if (model.problem !== null || model.parts.length > 1) return;
      remember(model, { header: { version: headerVersion, described: model } });
    },
    remember,
    get: (path) => rows.get(path),
    sha256Of: ({ path, sizeBytes, modifiedMs }) => {
      const row = rows.get(path);
      return row?.sizeBytes === sizeBytes && row.modifiedMs === modifiedMs ? row.sha256 : null;
    },
    sha256OfContent: (path, fileId) => {
      const row = rows.get(path);
      return row?.fileId === fileId ? row.sha256 : null;
    },
    pinned: () =>
      [...rows.values()]
        .filter(({ isPinned, isHidden }) => isPinned && !isHidden)
        .map(({ path, source }) => ({ path, source: readSource(source) ?? 'dropped', alias: undefined })),
    forget: (path) => {
      store.remove(path);
      rows.delete(path);
    },
  };
};
