import type { StoredKey } from '../../../shared/contract/keys.ts';

type Kin = Pick<StoredKey, 'id' | 'predecessorId' | 'createdBy'>;

/**
 * A key, those it succeeded, and those that made any of them. What is budgeted for one of these holds for the key too:
 * else a rotation, or a key made by a key, would be a way around.
 */
export const ancestorsOf = (
  keyId: string,
  keyOf: (keyId: string) => Kin | undefined,
): ReadonlySet<string> => {
  const found = new Set<string>();
  const open = [keyId];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const key = found.has(id) ? undefined : keyOf(id);
    if (key === undefined) continue;
    found.add(id);
    open.push(key.createdBy);
    if (key.predecessorId !== null) open.push(key.predecessorId);
  }
  return found;
};

/** The keys that have `keyId` among their ancestors, itself included. */
export const familyOf = <Key extends Kin>(keyId: string, keys: readonly Key[]): readonly Key[] => {
  const byId = new Map(keys.map((key) => [key.id, key]));
  return keys.filter(({ id }) => ancestorsOf(id, (each) => byId.get(each)).has(keyId));
};
