import { isAbsolute } from 'node:path';
import type { Model, ModelDetails } from '../../shared/contract/models.ts';
import type { Settings } from '../../shared/contract/settings.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { EventBody } from '../../shared/events/events.ts';
import type { Ports } from '../platform/ports.ts';
import type { ModelStore } from '../platform/stores.ts';
import { identifyModel } from './file-identity.ts';
import { firstPartPath } from './gguf/parts.ts';
import { validateModel } from './gguf/validate.ts';
import { createBackgroundHasher } from './library/background-hasher.ts';
import { createCatalogue } from './library/catalogue.ts';
import { describeModel } from './library/describe-model.ts';
import { BUSY_PAUSE_MS, givingWay } from './library/giving-way.ts';
import { hashModel } from './library/hash-model.ts';
import { copyModel } from './library/import-model.ts';
import { lookUp } from './library/look-up.ts';
import { createLibraryMemory } from './library/memory.ts';
import { detailsOf } from './library/model-details.ts';
import { createTurns } from './library/turns.ts';

/** The models on this machine, in place. Holds no weights and no open files. */
export interface ModelLibrary extends AsyncDisposable {
  /** Looks through all places again; unchanged files are not read twice. Wakes the background hash. */
  scan(signal: AbortSignal): Promise<readonly Model[]>;
  /** As of the last scan and the changes since. */
  readonly list: () => readonly Model[];
  /**
   * The model of an id (or its unique beginning) or of an absolute path, which need not be in the library.
   * @throws AppError `models.not-found` with near matches, `models.ambiguous` with the candidates
   */
  resolve(idOrPath: string): Promise<Model>;
  /** All the headers say. A broken file has its `problem` and whatever could be read. */
  inspect(idOrPath: string): Promise<ModelDetails>;
  /**
   * Registers a file in place, or copies it into the models folder.
   * @throws AppError `models.*` of validation: a broken file is not imported; `models.exists`, `storage.disk-full`
   */
  importFile(
    path: string,
    options: { readonly copy: boolean; readonly signal?: AbortSignal },
  ): Promise<Model>;
  /** Takes in a file Dyno just made or downloaded, wherever it lies. */
  adopt(
    path: string,
    origin: { readonly source: Model['source']; readonly derivedFrom: string | null },
  ): Promise<Model>;
  /**
   * Forgets a model; deletes its files only when asked, and only if Dyno made or downloaded them.
   * @throws AppError `models.in-use`, `files.not-allowed` for files of others
   */
  remove(
    idOrPath: string,
    options: { readonly deleteFiles: boolean },
  ): Promise<{ readonly removed: string; readonly deletedFiles: readonly string[] }>;
  /**
   * SHA-256 of the model, from memory while its content is the same (`identifyModel`). Of a split model: see `hashModel`.
   * The background hash stops meanwhile.
   * @throws AppError `models.changed` where it was written while it was read, `models.not-found`, `files.*`, `app.cancelled`
   */
  hash(
    idOrPath: string,
    options: {
      readonly signal: AbortSignal;
      readonly onProgress?: (fraction: number) => void;
      /** Waits while something is measured or loaded, and begins anew where that comes between. */
      readonly givesWay?: boolean;
    },
  ): Promise<string>;
}

type Options = Pick<Ports, 'files' | 'clock' | 'log' | 'host' | 'folders'> & {
  readonly store: ModelStore;
  readonly settings: () => Settings;
  readonly publish: (event: EventBody) => void;
  /** True while an engine has the model at this path loaded, or a job writes it. */
  readonly isInUse: (path: string) => boolean;
  /** True while something is measured; the background hash then waits. */
  readonly isBusy?: () => boolean;
};

export const createModelLibrary = (options: Options): ModelLibrary => {
  const { files, publish } = options;
  const memory = createLibraryMemory(options.store);
  const catalogue = createCatalogue({ ...options, memory, publish });
  const inTurn = createTurns();

  const resolve = async (idOrPath: string): Promise<Model> =>
    isAbsolute(idOrPath) ? catalogue.atPath(firstPartPath(idOrPath)) : lookUp(idOrPath, catalogue.list());

  const hashed = async (model: Model, signal: AbortSignal, onProgress?: (fraction: number) => void) => {
    const fileId = await identifyModel(files, model.path);
    const sha256 = await hashModel(files, model, { signal, onProgress });
    if ((await identifyModel(files, model.path)) !== fileId) throw changed(model);
    await catalogue.recordHash(model, { sha256, fileId });
    return sha256;
  };
  const isBusy = options.isBusy ?? (() => false);
  /** Hashes that somebody waits for. */
  let asked = 0;

  const hashQuietly: typeof hashed = async (model, signal, onProgress) => {
    for (;;) {
      const done = await givingWay(
        (either, tick) =>
          hashed(model, either, (fraction) => {
            onProgress?.(fraction);
            tick();
          }),
        { isBusy, signal },
      );
      if (done !== undefined) return done.result;
      await options.clock.sleep(BUSY_PAUSE_MS, signal);
    }
  };

  const hasher = createBackgroundHasher({
    ...options,
    isBusy: () => isBusy() || asked > 0, // one file at a time
    next: (tried) =>
      catalogue
        .list()
        .find(({ sha256, problem, path }) => sha256 === null && problem === null && !tried.has(path)),
    hash: hashed,
  });

  const adopt: ModelLibrary['adopt'] = (path, origin) =>
    inTurn(async () => {
      const model = await catalogue.add(
        { path, source: origin.source, alias: undefined },
        origin.derivedFrom,
      );
      hasher.wake();
      return model;
    });

  return {
    list: catalogue.list,
    resolve,
    adopt,
    scan: (signal) =>
      inTurn(async () => {
        await catalogue.scan(signal);
        hasher.wake();
        return catalogue.list();
      }),
    inspect: async (idOrPath) => {
      const model = await resolve(idOrPath);
      const { headers } = await describeModel(files, model.path);
      return detailsOf(model, headers);
    },
    importFile: async (path, { copy, signal = new AbortController().signal }) => {
      if (!isAbsolute(path)) {
        throw new AppError('app.bad-input', `${path} is no absolute path.`, { hint: 'Give the full path.' });
      }
      const valid = await validateModel(files, path, signal);
      if (!copy) return adopt(valid.path, { source: 'dropped', derivedFrom: null });
      const target = await copyModel(files, valid, options.folders.models, signal);
      return adopt(target, { source: 'dyno', derivedFrom: null });
    },
    remove: (idOrPath, { deleteFiles }) =>
      inTurn(async () => {
        const model = await resolve(idOrPath);
        refuseInUse(model, options.isInUse);
        if (deleteFiles) refuseForeign(model);
        const deletedFiles = deleteFiles ? model.parts : [];
        for (const part of deletedFiles) await files.remove(part);
        catalogue.drop(model, deleteFiles);
        return { removed: model.id, deletedFiles };
      }),
    hash: async (idOrPath, { signal, onProgress, givesWay = false }) => {
      const { path } = await resolve(idOrPath);
      const model = await catalogue.atPath(path); // as it is now: a scan may be hours old
      const known = memory.sha256OfContent(path, await identifyModel(files, path));
      if (known !== null) return known;
      asked += 1;
      try {
        return await (givesWay ? hashQuietly : hashed)(model, signal, onProgress);
      } finally {
        asked -= 1;
      }
    },
    [Symbol.asyncDispose]: () => hasher[Symbol.asyncDispose](),
  };
};

const changed = ({ path }: Model): AppError =>
  new AppError('models.changed', `${path} was written while it was read.`, {
    hint: 'Hash it again once nothing writes it.',
  });

const refuseInUse = ({ id, parts }: Model, isInUse: (path: string) => boolean): void => {
  if (!parts.some(isInUse)) return;
  throw new AppError('models.in-use', `${id} is loaded or being written.`, {
    hint: 'Unload it, or wait for the job to end.',
  });
};

const refuseForeign = ({ id, source, path }: Model): void => {
  if (source === 'dyno') return;
  throw new AppError('files.not-allowed', `The files of ${id} were not made or downloaded by Dyno.`, {
    hint: `Remove it without deleting, or delete ${path} with the program it belongs to.`,
  });
};
