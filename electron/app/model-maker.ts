import { join } from 'node:path';
import { derivedModel, isMadeOf, type Calibration } from '../../shared/contract/bench-make.ts';
import { isWeighted } from '../../shared/contract/imatrix.ts';
import type { Model, ModelDetails } from '../../shared/contract/models.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { ModelMaker } from '../bench/index.ts';
import {
  calibrationTextSha256,
  makeImatrix,
  quantizedName,
  quantizeModel,
  type Inspector,
  type ReadingDevice,
} from '../models/index.ts';
import type { Ports } from '../platform/ports.ts';
import type { ScannedLibrary } from './scan-first.ts';

interface Options {
  readonly ports: Ports;
  readonly library: ScannedLibrary;
  readonly inspector: Inspector;
  readonly validate: (path: string) => Promise<unknown>;
  /** Where a model computes that is only read. */
  readonly readingDevice: (path: string, signal: AbortSignal) => Promise<ReadingDevice>;
  readonly tidyUp: (work: Promise<unknown>) => void;
}

interface Watching {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: { readonly fraction: number }) => void;
}

/** Share of the first file's progress that collecting the importance matrix takes. */
const imatrixShare = 0.5;

const short = (sha256: string): string => sha256.slice(0, 16);

/** Makes the files a benchmark asks for: the quantizer writes them, the library takes them in. */
export const createModelMaker = (options: Options): ModelMaker => {
  const { ports, library, inspector, validate, readingDevice, tidyUp } = options;
  const { files, folders } = ports;

  /** The importance matrix of a base on a text, collected unless an earlier run has: both are known by their hashes. */
  const imatrixOf = async (
    source: ModelDetails,
    { path: text, sha256 }: Calibration,
    { signal, onProgress }: Watching,
  ): Promise<string> => {
    const baseSha256 = await library.hash(source.path, { signal });
    const out = join(folders.data, 'cache', 'imatrix', `${short(baseSha256)}-${short(sha256)}.gguf`);
    if ((await files.stat(out)) !== undefined) return out;
    if ((await files.sha256(text, { signal })) !== sha256)
      throw new AppError('app.bad-input', 'The calibration text changed since the run was planned.', {
        hint: 'Start a new run.',
        details: { param: 'imatrixText' },
      });
    const input = { model: source.path, text, out };
    await makeImatrix(
      { ...ports, inspector, readingDevice, tidyUp },
      { source, input },
      { signal, onProgress },
    );
    return out;
  };

  const findWeighted = async (base: Model, type: string, sha256: string): Promise<Model | undefined> => {
    for (const model of library.list()) {
      if (!isMadeOf(model, base, type) || !isWeighted(model)) continue;
      const signal = new AbortController().signal;
      if ((await calibrationTextSha256(files, model.path, signal)) === sha256) return model;
    }
    return undefined;
  };

  return {
    find: async (base, type, calibration) => {
      await library.ready();
      return calibration === undefined
        ? derivedModel(library.list(), base, type)
        : findWeighted(base, type, calibration.sha256);
    },
    freePath: async (base, type, calibration) => {
      const wished = join(folders.models, quantizedName(base, type, calibration !== undefined));
      let path = wished;
      // somebody else's file of that name stays as it is
      for (let copy = 2; (await files.stat(path)) !== undefined; copy += 1) {
        path = wished.replace(/\.gguf$/, `-${copy}.gguf`);
      }
      return path;
    },
    make: async ({ base, type, path, calibration }, { signal, onProgress }) => {
      if ((await files.stat(path)) === undefined) {
        const source = await library.inspect(base.path);
        let before = 0;
        const imatrix =
          calibration &&
          (await imatrixOf(source, calibration, {
            signal,
            onProgress: ({ fraction }) => {
              before = imatrixShare;
              onProgress({ fraction: fraction * imatrixShare });
            },
          }));
        await quantizeModel(
          { ...ports, inspector, validate, tidyUp },
          {
            source,
            input: { model: base.path, type, out: path, ...(imatrix !== undefined && { imatrix }) },
          },
          {
            signal,
            onProgress: ({ fraction }) => onProgress({ fraction: before + (1 - before) * fraction }),
          },
        );
      }
      return library.adopt(path, { source: 'dyno', derivedFrom: base.id });
    },
  };
};
