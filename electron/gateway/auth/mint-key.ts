import { createSecretKey } from 'node:crypto';
import type { KeyCreateInput, StoredKey } from '../../../shared/contract/keys.ts';
import type { Random } from '../../platform/ports.ts';
import { hashOfKey, makeApiKey, publicIdOf } from './api-key.ts';

interface Mint {
  readonly random: Random;
  /** At least 32 secret bytes that stay on this machine. */
  readonly pepper: Uint8Array;
  readonly pepperKind?: StoredKey['pepper'];
  readonly nowMs: number;
}

export interface Minted {
  /** To be shown once. */
  readonly secret: string;
  readonly key: StoredKey;
}

const sumOrNull = (nowMs: number, ms: number | null): number | null => (ms === null ? null : nowMs + ms);

const makeSecret = ({ random, pepper, pepperKind }: Mint) => {
  const secret = makeApiKey(random);
  return {
    secret,
    id: publicIdOf(secret) ?? '',
    hash: hashOfKey(secret, createSecretKey(pepper)).toString('hex'),
    lastFour: secret.slice(-4),
    pepper: pepperKind ?? 'file',
  };
};

/** A new key as asked, and the record to keep. Whether its maker may ask for so much is `checkMint`'s question. */
export const mintKey = (wish: KeyCreateInput, createdBy: string, mint: Mint): Minted => {
  const { nowMs } = mint;
  const { secret, ...stored } = makeSecret(mint);
  const { expiresInMs, ...given } = wish;
  return {
    secret,
    key: {
      ...given,
      ...stored,
      createdAtMs: nowMs,
      createdBy,
      expiresAtMs: sumOrNull(nowMs, expiresInMs),
      rotatesAtMs: sumOrNull(nowMs, wish.rotation.maxAgeMs),
      graceUntilMs: null,
      predecessorId: null,
      successorId: null,
      lastUsedAtMs: null,
      revokedAtMs: null,
    },
  };
};

/**
 * A successor with the same rights and the same end, and the predecessor, which works for `graceMs` more, but never
 * longer than it would have.
 */
export const rotateKey = (
  old: StoredKey,
  graceMs: number,
  createdBy: string,
  mint: Mint,
): Minted & { readonly predecessor: StoredKey } => {
  const { nowMs } = mint;
  const { secret, ...stored } = makeSecret(mint);
  const graceUntilMs = Math.min(nowMs + graceMs, old.expiresAtMs ?? Infinity);
  return {
    secret,
    key: {
      ...old,
      ...stored,
      createdAtMs: nowMs,
      createdBy,
      rotatesAtMs: sumOrNull(nowMs, old.rotation.maxAgeMs),
      graceUntilMs: null,
      predecessorId: old.id,
      successorId: null,
      lastUsedAtMs: null,
    },
    predecessor: { ...old, graceUntilMs, successorId: stored.id },
  };
};
