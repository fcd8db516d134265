import { createHmac, createSecretKey, hash, timingSafeEqual, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Random } from '../../platform/ports.ts';
import { allScopes, type VerifyKey } from './principal.ts';

/**
 * API keys `dyno_<12>_<43>_<6>`: a public id, 256 random bits in base64url, and a check that tells a mistyped key from
 * a wrong one and lets secret scanners know it. Positions are fixed, for base64url has `_` in its own alphabet.
 */
const PREFIX = 'dyno_';
const ID_LENGTH = 12;
const SECRET_LENGTH = 43;
const CHECK_LENGTH = 6;
const KEY_LENGTH = PREFIX.length + ID_LENGTH + 1 + SECRET_LENGTH + 1 + CHECK_LENGTH;

/** Crockford's base 32 in lower case: an id that people can read out. */
const ID_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** What is kept of a key: never the key itself. */
export const apiKeyRecordSchema = z.object({
  id: z.string().length(ID_LENGTH),
  name: z.string(),
  /** HMAC-SHA-256 of the whole key under the pepper, hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/u),
  lastFour: z.string().length(4),
  scopes: z.array(z.enum(['inference', 'models.read'])),
  createdAtMs: z.number(),
});
export type ApiKeyRecord = z.infer<typeof apiKeyRecordSchema>;

const checkOf = (body: string): string => hash('sha256', body, 'base64url').slice(0, CHECK_LENGTH);

const hashOf = (key: string, pepper: KeyObject): Buffer => createHmac('sha256', pepper).update(key).digest();

/**
 * A new key, to be shown once, and the record to keep.
 * @param options.pepper at least 32 secret bytes that stay on this machine
 */
export const generateApiKey = (options: {
  readonly random: Random;
  readonly pepper: Uint8Array;
  readonly name: string;
  readonly nowMs: number;
}): { readonly key: string; readonly record: ApiKeyRecord } => {
  const { random, pepper, name, nowMs } = options;
  const id = Array.from(random.bytes(ID_LENGTH), (byte) => ID_ALPHABET[byte % 32] ?? '0').join('');
  const body = `${PREFIX}${id}_${Buffer.from(random.bytes(32)).toString('base64url')}`;
  const key = `${body}_${checkOf(body)}`;
  return {
    key,
    record: {
      id,
      name,
      hash: hashOf(key, createSecretKey(pepper)).toString('hex'),
      lastFour: key.slice(-4),
      scopes: [...allScopes],
      createdAtMs: nowMs,
    },
  };
};

/** The public id of a well-formed key whose check is right; `undefined` for anything else. */
export const publicIdOf = (key: string): string | undefined => {
  if (key.length !== KEY_LENGTH || !key.startsWith(PREFIX)) return undefined;
  const body = key.slice(0, -CHECK_LENGTH - 1);
  return key === `${body}_${checkOf(body)}` ? key.slice(PREFIX.length, PREFIX.length + ID_LENGTH) : undefined;
};

/**
 * Verifies keys against `records()`, asked anew each time. Every call computes one HMAC and one constant-time compare,
 * against a dummy when the id is unknown, so time tells nothing about which ids exist.
 */
export const createKeyVerifier = (options: {
  readonly pepper: Uint8Array;
  readonly records: () => readonly ApiKeyRecord[];
}): VerifyKey => {
  // Made once: preparing the key for every request would cost more than the HMAC itself.
  const pepper = createSecretKey(options.pepper);
  const dummy = hashOf('', pepper);
  return (presented) => {
    const id = publicIdOf(presented);
    const record = options.records().find((candidate) => candidate.id === id);
    const expected = record === undefined ? dummy : Buffer.from(record.hash, 'hex');
    const isEqual = timingSafeEqual(hashOf(presented, pepper), expected);
    return record !== undefined && isEqual
      ? { keyId: record.id, name: record.name, scopes: record.scopes }
      : undefined;
  };
};
