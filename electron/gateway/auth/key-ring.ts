import { createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { StoredKey } from '../../../shared/contract/keys.ts';
import { permissionsOf } from '../../../shared/contract/roles.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Clock } from '../../platform/ports.ts';
import { hashOfKey, idIn } from './api-key.ts';
import { keyNoticeAt, keyStateAt, type KeyState } from './key-state.ts';
import type { Principal, VerifyKey } from './principal.ts';

/** The keys the server knows. */
export interface KeyRing {
  readonly verify: VerifyKey;
  /** The holder of a key that was verified before, as the key stands now. @throws AppError as `verify` */
  again(keyId: string): Principal;
  /**
   * Why what a key was let in for must stop; `undefined` while it may go on. That nobody used the key for long is judged
   * at the door alone: who is being answered uses it.
   */
  endOf(keyId: string): AppError | undefined;
  /** Calls `act` when keys may have changed, until disposed. */
  onChange(act: () => void): Disposable;
}

export type Peppers = Readonly<Partial<Record<StoredKey['pepper'], Uint8Array>>>;

const toPrincipal = (key: StoredKey, nowMs: number): Principal => ({
  keyId: key.id,
  name: key.name,
  scopes: permissionsOf(key),
  tier: key.tier,
  tenantId: key.tenantId,
  projectId: key.projectId,
  reachesAllTenants: key.role === 'owner',
  models: key.models,
  limits: key.limits,
  modelLimits: key.modelLimits,
  expiresAtMs: key.expiresAtMs,
  notice: keyNoticeAt(key, nowMs),
});

const endOfKey = (key: StoredKey, state: KeyState): AppError | undefined => {
  switch (state) {
    case 'active':
    case 'grace':
      return undefined;
    case 'revoked':
      return new AppError('gateway.invalid-api-key', `The API key ${key.id} was revoked.`, {
        hint: 'Ask for another one.',
      });
    case 'expired':
    case 'idle':
      return new AppError(
        'gateway.key-expired',
        state === 'idle'
          ? `The API key ${key.id} was not used for too long.`
          : `The API key ${key.id} has expired.`,
        { hint: key.successorId === null ? 'Ask for another one.' : `Use its successor ${key.successorId}.` },
      );
    default:
      return state satisfies never;
  }
};

/**
 * Verifies keys against `keyOf`, asked anew each time, and nothing in between: a cache of tokens could mix up two that
 * begin alike. Every call computes one HMAC and one constant-time compare, against a dummy when the id is unknown, so
 * time tells nothing about which ids exist; that a key has expired is told to who holds all of it only.
 * @param options.peppers at least 32 secret bytes each, that stay on this machine
 */
export const createKeyRing = (options: {
  readonly peppers: Peppers;
  readonly keyOf: (keyId: string) => StoredKey | undefined;
  /** Why the tenant or the project of a key stops it. */
  readonly endOfHome?: (key: StoredKey) => AppError | undefined;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly onChange?: KeyRing['onChange'];
  /** A key was presented and is good. */
  readonly onUsed?: (keyId: string, nowMs: number) => void;
}): KeyRing => {
  // Made once: preparing a key for every request would cost more than the HMAC itself.
  const secrets = new Map<StoredKey['pepper'], KeyObject>();
  for (const kind of ['file', 'safe'] as const) {
    const pepper = options.peppers[kind];
    if (pepper !== undefined) secrets.set(kind, createSecretKey(pepper));
  }
  const stranger = createSecretKey(new Uint8Array(32));
  const dummy = hashOfKey('', stranger);
  const { keyOf, clock, endOfHome = () => undefined } = options;
  const gone = (keyId: string): AppError =>
    new AppError('gateway.invalid-api-key', `The API key ${keyId} is gone.`);
  const admit = (key: StoredKey): Principal => {
    const nowMs = clock.nowMs();
    const end = endOfKey(key, keyStateAt(key, nowMs)) ?? endOfHome(key);
    if (end !== undefined) throw end;
    options.onUsed?.(key.id, nowMs);
    return toPrincipal(key, nowMs);
  };
  return {
    verify: (presented) => {
      const id = idIn(presented);
      const key = id === undefined ? undefined : keyOf(id);
      const secret = key === undefined ? undefined : secrets.get(key.pepper);
      const expected = key === undefined || secret === undefined ? dummy : Buffer.from(key.hash, 'hex');
      const isEqual = timingSafeEqual(hashOfKey(presented, secret ?? stranger), expected);
      return key === undefined || secret === undefined || !isEqual ? undefined : admit(key);
    },
    again: (keyId) => {
      const key = keyOf(keyId);
      if (key === undefined) throw gone(keyId);
      return admit(key);
    },
    endOf: (keyId) => {
      const key = keyOf(keyId);
      if (key === undefined) return gone(keyId);
      const state = keyStateAt(key, clock.nowMs());
      return (state === 'idle' ? undefined : endOfKey(key, state)) ?? endOfHome(key);
    },
    onChange: options.onChange ?? (() => ({ [Symbol.dispose]: () => undefined })),
  };
};
