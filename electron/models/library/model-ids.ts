import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { readPartName } from '../gguf/parts.ts';

/** What an id is made of. */
export interface Named {
  readonly path: string;
  /** Name in the tool that owns the file (`llama3.2:1b`), where the file name says nothing. */
  readonly alias: string | undefined;
}

/** Text as an id: letters, digits, dot, underscore and dash; anything else becomes a dash. */
export const toId = (text: string): string =>
  text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[-.]+|-+$/g, '') || 'model';

/** Id before it is made unique: file name without `.gguf` and part number, or the alias. */
export const plainId = ({ path, alias }: Named): string => {
  const base = basename(readPartName(path)?.base ?? path.replace(/\.gguf$/i, ''));
  return toId(alias ?? base);
};

const pathHash = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, 6);

/**
 * Ids for all models, by path. A model keeps the id it had; a new one gets its plain id, or one with a hash of its path
 * where that is taken. In order: the first of two new ones gets the plain id.
 */
export const assignIds = (
  models: readonly Named[],
  known: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> => {
  const kept = models.flatMap(({ path }) => {
    const id = known.get(path);
    return id === undefined ? [] : [[path, id] as const];
  });
  const ids = new Map<string, string>(kept);
  const taken = new Set(ids.values());
  for (const model of models) {
    if (ids.has(model.path)) continue;
    const plain = plainId(model);
    const id = taken.has(plain) ? `${plain}-${pathHash(model.path)}` : plain;
    ids.set(model.path, id);
    taken.add(id);
  }
  return ids;
};
