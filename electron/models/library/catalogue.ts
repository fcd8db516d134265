import type { Model } from '../../../shared/contract/models.ts';
import type { Settings } from '../../../shared/contract/settings.ts';
import { AppError, toAppError } from '../../../shared/errors/app-error.ts';
import type { EventBody } from '../../../shared/events/events.ts';
import type { Ports } from '../../platform/ports.ts';
import { describeModel, type Described } from './describe-model.ts';
import type { LibraryMemory } from './memory.ts';
import { scanPlaces, type Candidate, type FoundCandidate } from './scan-places.ts';
import { createShelf, type ShelfEntry } from './shelf.ts';

/** Headers read at the same time: disks answer several readers better than one, and eight not better than four. */
const LANES = 4;

type Options = Pick<Ports, 'files' | 'log' | 'host' | 'folders'> & {
  readonly memory: LibraryMemory;
  readonly settings: () => Settings;
  readonly publish: (event: EventBody) => void;
};

/** The library's models and how they come and go: the shelf, what is remembered, and what the disk says. */
export interface Catalogue {
  readonly list: () => readonly Model[];
  /** Makes the shelf equal to what the places hold. */
  scan(signal: AbortSignal): Promise<void>;
  /** Describes one file, puts it on the shelf and remembers it over restarts. */
  add(candidate: Candidate, derivedFrom: string | null): Promise<Model>;
  /** The model at an absolute path as it is now; one outside the library is described and not kept. */
  atPath(path: string): Promise<Model>;
  /** Keeps a hash, of the content that `fileId` names, if the file is still as it is described. */
  recordHash(model: Model, hash: { readonly sha256: string; readonly fileId: string }): Promise<void>;
  /** Takes a model off the shelf; `isGone` says its files are deleted, else it is remembered as hidden. */
  drop(model: Model, isGone: boolean): void;
}

export const createCatalogue = (options: Options): Catalogue => {
  const { files, log, memory, settings, publish } = options;
  const shelf = createShelf(publish);

  const entryOf = (
    candidate: FoundCandidate,
    described: Described,
    derivedFrom?: string | null,
  ): ShelfEntry => {
    const row = memory.get(candidate.path);
    // A row that Dyno wrote for this very file says more than the folder the file lies in.
    const isOurs =
      row?.source === 'dyno' &&
      row.sizeBytes === described.sizeBytes &&
      row.modifiedMs === described.modifiedMs;
    return {
      realPath: candidate.realPath,
      alias: candidate.alias,
      model: {
        ...described,
        name: candidate.alias ?? described.name,
        source: isOurs ? 'dyno' : candidate.source,
        sha256: memory.sha256Of(described),
        derivedFrom: derivedFrom === undefined ? (row?.derivedFrom ?? null) : derivedFrom,
      },
    };
  };

  /** What is already known of a whole, unsplit file that did not change; parts and repairs are always looked at. */
  const unchanged = async (path: string): Promise<Described | undefined> => {
    const known = shelf.list().find((model) => model.path === path);
    const stat = await files.stat(path);
    if (known === undefined && stat !== undefined) return memory.describedAs(path, stat);
    if (known?.problem !== null || known.parts.length > 1) return undefined;
    return stat?.sizeBytes === known.sizeBytes && stat.modifiedMs === known.modifiedMs ? known : undefined;
  };

  /** Spares the next scan the reading; a full disk costs that much and hides no model. */
  const rememberHeader = ({ model }: ShelfEntry): void => {
    try {
      memory.rememberHeader({ ...model, id: '' });
    } catch (error) {
      log.warn('A header could not be remembered.', { path: model.path, error });
    }
  };

  /** `undefined` for what is no model, and for a file that went away while it was looked at. */
  const look = async (candidate: FoundCandidate, signal: AbortSignal): Promise<ShelfEntry | undefined> => {
    if (memory.get(candidate.path)?.isHidden === true) return undefined;
    try {
      const known = await unchanged(candidate.path);
      if (known !== undefined) return entryOf(candidate, known);
      const { model, isAccessory } = await describeModel(files, candidate.path, signal);
      if (isAccessory) return undefined;
      const entry = entryOf(candidate, model);
      rememberHeader(entry);
      return entry;
    } catch (error) {
      const failure = toAppError(error);
      if (failure.code === 'app.cancelled') throw failure;
      log.warn('A model file could not be described.', { path: candidate.path, error: failure.message });
      return undefined;
    }
  };

  const found = async (candidate: Candidate): Promise<FoundCandidate> => ({
    ...candidate,
    realPath: await files.realPath(candidate.path),
  });

  const refuseAccessory = (path: string, isAccessory: boolean): void => {
    if (!isAccessory) return;
    throw new AppError('models.unsupported-architecture', `${path} is a part of a model, not a model.`, {
      hint: 'Choose the model file itself; projectors, adapters and vocabularies cannot run alone.',
    });
  };

  return {
    list: shelf.list,
    scan: async (signal) => {
      const candidates = await scanPlaces(options, settings(), memory.pinned(), signal);
      const entries: (ShelfEntry | undefined)[] = [];
      const waiting = candidates.entries();
      const lane = async (): Promise<void> => {
        for (const [index, candidate] of waiting) entries[index] = await look(candidate, signal);
      };
      await Promise.all(Array.from({ length: LANES }, lane));
      shelf.replaceAll(entries.filter((entry) => entry !== undefined));
    },
    add: async (candidate, derivedFrom) => {
      const { model: described, isAccessory } = await describeModel(files, candidate.path);
      refuseAccessory(candidate.path, isAccessory);
      const entry = entryOf(await found(candidate), described, derivedFrom);
      const model = shelf.put({ ...entry, model: { ...entry.model, source: candidate.source } });
      memory.remember(model, { isPinned: true, isHidden: false });
      return model;
    },
    atPath: async (path) => {
      const stat = await files.stat(path);
      const known = shelf.findByPath(path, stat === undefined ? path : await files.realPath(path));
      if (known !== undefined && (await unchanged(known.model.path)) !== undefined) return known.model;
      const { model, isAccessory } = await describeModel(files, known?.model.path ?? path);
      refuseAccessory(path, isAccessory);
      const { source, alias } = { source: known?.model.source ?? ('dropped' as const), alias: known?.alias };
      const entry = entryOf(await found({ path: model.path, source, alias }), model);
      return known === undefined ? shelf.preview(entry) : shelf.put(entry);
    },
    recordHash: async (model, { sha256, fileId }) => {
      const stat = await files.stat(model.path);
      if (stat?.modifiedMs !== model.modifiedMs) return;
      const known = shelf.list().find(({ path }) => path === model.path);
      memory.remember({ ...model, sha256 }, { fileId });
      if (known !== undefined) shelf.update(model.path, { sha256 });
    },
    drop: (model, isGone) => {
      shelf.remove(model.path);
      if (isGone) memory.forget(model.path);
      else memory.remember(model, { isHidden: true, isPinned: false });
    },
  };
};
