import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeApiKey, publicIdOf } from '../../../../electron/gateway/auth/api-key.ts';
import { createKeyRing } from '../../../../electron/gateway/auth/key-ring.ts';
import { mintKey } from '../../../../electron/gateway/auth/mint-key.ts';
import { createNodeRandom } from '../../../../electron/platform/node/random.ts';
import { keyCreateInputSchema, type StoredKey } from '../../../../shared/contract/keys.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';

const random = createNodeRandom();
const pepper = random.bytes(32);
const clock = createFakeClock();
const mint = (wish: Partial<Parameters<typeof mintKey>[0]> = {}, nowMs = clock.nowMs()) =>
  mintKey({ ...keyCreateInputSchema.parse({ name: 'mine' }), ...wish }, 'host', { random, pepper, nowMs });
const ringOf = (keys: readonly StoredKey[], own = pepper) =>
  createKeyRing({ peppers: { file: own }, keyOf: (id) => keys.find((key) => key.id === id), clock });

describe('an API key', () => {
  it('has a public id, a secret and a check, and its record has no secret', () => {
    const { secret, key } = mint();
    expect(secret).toMatch(/^dyno_[0-9a-hjkmnp-tv-z]{12}_[\w-]{43}_[\w-]{6}$/u);
    expect(publicIdOf(secret)).toBe(key.id);
    expect(key).toMatchObject({ name: 'mine', lastFour: secret.slice(-4), createdAtMs: clock.nowMs() });
    expect(JSON.stringify(key)).not.toContain(secret.slice(18, 61));
  });

  it('is told from a mistyped one by its check alone, without asking who it is', () => {
    const secret = makeApiKey(createNodeRandom());
    const other = secret.endsWith('A') ? 'B' : 'A';
    for (const wrong of [
      `${secret.slice(0, -1)}${other}`,
      secret.slice(0, -1),
      `${secret}A`,
      `x${secret.slice(1)}`,
    ])
      expect(publicIdOf(wrong)).toBeUndefined();
  });

  it('is never made twice', () => {
    expect(new Set(Array.from({ length: 100 }, () => makeApiKey(random))).size).toBe(100);
  });

  it('verifies as its owner, and as nobody with any character changed', () => {
    const { secret, key } = mint();
    const { verify } = ringOf([mint().key, key]);
    expect(verify(secret)).toMatchObject({
      keyId: key.id,
      name: 'mine',
      scopes: ['inference', 'models.read', 'server.read'],
    });
    for (let at = 0; at < secret.length; at += 1) {
      const changed = secret.slice(0, at) + (secret[at] === 'x' ? 'y' : 'x') + secret.slice(at + 1);
      expect(verify(changed)).toBeUndefined();
    }
  });

  it('is worth nothing under another pepper, once removed, or in part', () => {
    const { secret, key } = mint();
    expect(ringOf([key], random.bytes(32)).verify(secret)).toBeUndefined();
    expect(ringOf([]).verify(secret)).toBeUndefined();
    const { verify } = ringOf([key]);
    for (const part of ['', 'dyno_', key.id, secret.slice(0, -7), `${secret} `, key.hash]) {
      expect(verify(part)).toBeUndefined();
    }
  });

  it('is not mixed up with one that begins alike: there is no cache of tokens', () => {
    const { secret, key } = mint();
    const { verify } = ringOf([key]);
    expect(verify(secret)?.keyId).toBe(key.id);
    // of the right form, check included, and the same up to a later and later character
    for (const shared of [18, 20, 40, 60]) {
      const other = makeApiKey(random).slice(shared, 61);
      const body = secret.slice(0, shared) + other;
      const stranger = `${body}_${hash('sha256', body, 'base64url').slice(0, 6)}`;
      if (stranger === secret) continue; // one time in 64 the last character is the same
      expect(publicIdOf(stranger)).toBe(key.id);
      expect(verify(stranger)).toBeUndefined();
    }
    expect(verify(secret)?.keyId).toBe(key.id);
  });

  it('is refused from the moment it is revoked, asked anew each time', () => {
    const { secret, key } = mint();
    let stored = key;
    const { verify } = createKeyRing({ peppers: { file: pepper }, keyOf: () => stored, clock });
    expect(verify(secret)?.keyId).toBe(key.id);
    stored = { ...key, revokedAtMs: clock.nowMs() };
    expect(() => verify(secret)).toThrow(expect.objectContaining({ code: 'gateway.invalid-api-key' }));
  });

  it('tells that it has expired only to who holds all of it', () => {
    const { secret, key } = mint({ expiresInMs: 1000 }, clock.nowMs() - 1000);
    const { verify } = ringOf([key]);
    expect(() => verify(secret)).toThrow(expect.objectContaining({ code: 'gateway.key-expired' }));
    expect(
      verify(`${makeApiKey(random).slice(0, 5)}${key.id}${makeApiKey(random).slice(17)}`),
    ).toBeUndefined();
  });
});
