import { createHmac, hash, type KeyObject } from 'node:crypto';
import type { Random } from '../../platform/ports.ts';

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

const checkOf = (body: string): string => hash('sha256', body, 'base64url').slice(0, CHECK_LENGTH);

/** A new key, to be shown once. */
export const makeApiKey = (random: Random): string => {
  const id = Array.from(random.bytes(ID_LENGTH), (byte) => ID_ALPHABET[byte % 32] ?? '0').join('');
  const body = `${PREFIX}${id}_${Buffer.from(random.bytes(32)).toString('base64url')}`;
  return `${body}_${checkOf(body)}`;
};

/** The public id that a key of the right form names. Whether it is a key at all is for its check, or its HMAC, to say. */
export const idIn = (key: string): string | undefined =>
  key.length === KEY_LENGTH && key.startsWith(PREFIX)
    ? key.slice(PREFIX.length, PREFIX.length + ID_LENGTH)
    : undefined;

/** The public id of a well-formed key whose check is right; `undefined` for anything else. */
export const publicIdOf = (key: string): string | undefined => {
  const id = idIn(key);
  const body = key.slice(0, -CHECK_LENGTH - 1);
  return id !== undefined && key === `${body}_${checkOf(body)}` ? id : undefined;
};

/** What is kept in place of a key: HMAC-SHA-256 of all of it under the pepper. */
export const hashOfKey = (key: string, pepper: KeyObject): Buffer =>
  createHmac('sha256', pepper).update(key).digest();
