import type { StoredKey } from '../../../shared/contract/keys.ts';
import { checkMint } from '../../gateway/index.ts';
import type { Actor } from './actor.ts';

/**
 * A key that could do more than its manager is out of its reach: its new secret would be a way up, and its end a way to
 * lock its holder out.
 * @throws AppError `gateway.insufficient-permissions`
 */
export const checkNotWider = (actor: Actor, key: StoredKey, nowMs: number): void => {
  if (actor.type !== 'key') return;
  const expiresInMs = key.expiresAtMs === null ? null : Math.max(0, key.expiresAtMs - nowMs);
  checkMint(actor.principal, { ...key, expiresInMs }, nowMs);
};
