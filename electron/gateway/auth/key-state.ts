import type { ApiKey, StoredKey } from '../../../shared/contract/keys.ts';

/** Where a key is by itself, whatever its tenant is. */
export type KeyState = Exclude<ApiKey['state'], 'suspended'>;

const DAY_MS = 86_400_000;
/** A key's owner is warned so long before its end, or in the last tenth of its life where that is shorter. */
const WARN_MS = 7 * DAY_MS;

/** When a key ends by itself, used or not; one whose successor is not made by itself ends at its maximum age. */
export const endMsOf = ({ expiresAtMs, graceUntilMs, rotatesAtMs, rotation }: StoredKey): number | null => {
  const turnMs = graceUntilMs ?? (rotation.isAutomatic ? null : rotatesAtMs);
  const ends = [expiresAtMs, turnMs].filter((end) => end !== null);
  return ends.length === 0 ? null : Math.min(...ends);
};

const idleEndMsOf = ({ rotation, lastUsedAtMs, createdAtMs }: StoredKey): number | null =>
  rotation.maxIdleMs === null ? null : (lastUsedAtMs ?? createdAtMs) + rotation.maxIdleMs;

/**
 * Where a key is in its life:
 * active → grace (rotated) → expired; active → expired | idle; any → revoked. Only `active` and `grace` open the door.
 */
export const keyStateAt = (key: StoredKey, nowMs: number): KeyState => {
  if (key.revokedAtMs !== null) return 'revoked';
  const endMs = endMsOf(key);
  if (endMs !== null && nowMs >= endMs) return 'expired';
  const idleEndMs = idleEndMsOf(key);
  if (idleEndMs !== null && nowMs >= idleEndMs) return 'idle';
  return key.graceUntilMs === null ? 'active' : 'grace';
};

/** What the holder of a good key should know: when it ends, if that is soon. */
export interface KeyNotice {
  readonly endsAtMs: number;
  readonly text: string;
}

/** `undefined` for a key with time left. */
export const keyNoticeAt = (key: StoredKey, nowMs: number): KeyNotice | undefined => {
  const endsAtMs = endMsOf(key);
  if (endsAtMs === null) return undefined;
  if (key.graceUntilMs !== null) {
    return { endsAtMs, text: `rotated; use its successor ${key.successorId ?? ''}`.trimEnd() };
  }
  const warnMs = Math.min(WARN_MS, (endsAtMs - key.createdAtMs) / 10);
  return endsAtMs - nowMs > warnMs
    ? undefined
    : { endsAtMs, text: `expires soon; dyno keys rotate ${key.id}` };
};

/** True once a successor must be made by itself. */
export const isDueForRotation = (key: StoredKey, nowMs: number): boolean =>
  key.rotation.isAutomatic &&
  key.successorId === null &&
  key.rotatesAtMs !== null &&
  nowMs >= key.rotatesAtMs &&
  keyStateAt(key, nowMs) === 'active';
