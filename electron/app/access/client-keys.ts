import type { StoredKey } from '../../../shared/contract/keys.ts';
import { permissionsOf } from '../../../shared/contract/roles.ts';
import { keyStateAt, type Peppers } from '../../gateway/index.ts';

/** How many keys let somebody on the network ask a model: none of an owner's, and none that this host cannot check. */
export const countClientKeys = (keys: readonly StoredKey[], peppers: Peppers, nowMs: number): number =>
  keys.filter(
    (key) =>
      key.role !== 'owner' &&
      ['active', 'grace'].includes(keyStateAt(key, nowMs)) &&
      permissionsOf(key).includes('inference') &&
      peppers[key.pepper] !== undefined,
  ).length;
