import type { Model } from '../../shared/contract/models.ts';
import type { ModelLibrary } from '../models/index.ts';

/**
 * Finds what is to be measured. A sound file from outside all folders joins the library, in place: runs name it by its
 * id, which must mean the same file when they are resumed, repeated or compared in another session.
 */
export const resolveMeasured =
  (library: Pick<ModelLibrary, 'resolve' | 'list' | 'adopt'>) =>
  async (idOrPath: string): Promise<Model> => {
    const model = await library.resolve(idOrPath);
    const isListed = library.list().some(({ path }) => path === model.path);
    if (isListed || model.problem !== null) return model;
    return library.adopt(model.path, { source: 'dropped', derivedFrom: null });
  };
