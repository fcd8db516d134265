import { join } from 'node:path';
import { derivedModel } from '../../shared/contract/bench-make.ts';
import type { ModelMaker } from '../bench/index.ts';
import { quantizedName, quantizeModel, type Inspector } from '../models/index.ts';
import type { Ports } from '../platform/ports.ts';
import type { ScannedLibrary } from './scan-first.ts';

interface Options {
  readonly ports: Ports;
  readonly library: ScannedLibrary;
  readonly inspector: Inspector;
  readonly validate: (path: string) => Promise<unknown>;
  readonly tidyUp: (work: Promise<unknown>) => void;
}

/** Makes the files a benchmark asks for: the quantizer writes them, the library takes them in. */
export const createModelMaker = ({ ports, library, inspector, validate, tidyUp }: Options): ModelMaker => {
  const { files, folders } = ports;
  return {
    find: async (base, type) => {
      await library.ready();
      return derivedModel(library.list(), base, type);
    },
    freePath: async (base, type) => {
      const wished = join(folders.models, quantizedName(base, type));
      let path = wished;
      // somebody else's file of that name stays as it is
      for (let copy = 2; (await files.stat(path)) !== undefined; copy += 1) {
        path = wished.replace(/\.gguf$/, `-${copy}.gguf`);
      }
      return path;
    },
    make: async ({ base, type, path }, options) => {
      if ((await files.stat(path)) === undefined) {
        await quantizeModel(
          { ...ports, inspector, validate, tidyUp },
          { source: await library.inspect(base.path), input: { model: base.path, type, out: path } },
          options,
        );
      }
      return library.adopt(path, { source: 'dyno', derivedFrom: base.id });
    },
  };
};
