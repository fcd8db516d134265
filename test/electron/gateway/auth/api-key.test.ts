import { describe, expect, it } from 'vitest';
import { createKeyVerifier, generateApiKey, publicIdOf } from '../../../../electron/gateway/auth/api-key.ts';
import { createNodeRandom } from '../../../../electron/platform/node/random.ts';

const random = createNodeRandom();
const pepper = random.bytes(32);
const generate = () => generateApiKey({ random, pepper, name: 'mine', nowMs: 7 });

describe('an API key', () => {
  it('has a public id, a secret and a check, and its record has no secret', () => {
    const { key, record } = generate();
    expect(key).toMatch(/^dyno_[0-9a-hjkmnp-tv-z]{12}_[\w-]{43}_[\w-]{6}$/u);
    expect(publicIdOf(key)).toBe(record.id);
    expect(record).toMatchObject({ name: 'mine', lastFour: key.slice(-4), createdAtMs: 7 });
    expect(JSON.stringify(record)).not.toContain(key.slice(18, 61));
  });

  it('is never made twice', () => {
    expect(new Set(Array.from({ length: 100 }, () => generate().key)).size).toBe(100);
  });

  it('verifies as its owner, and as nobody with any character changed', () => {
    const { key, record } = generate();
    const verify = createKeyVerifier({ pepper, records: () => [generate().record, record] });
    expect(verify(key)).toEqual({ keyId: record.id, name: 'mine', scopes: ['inference', 'models.read'] });
    for (let at = 0; at < key.length; at += 1) {
      const changed = key.slice(0, at) + (key[at] === 'x' ? 'y' : 'x') + key.slice(at + 1);
      expect(verify(changed)).toBeUndefined();
    }
  });

  it('is worth nothing under another pepper, once removed, or in part', () => {
    const { key, record } = generate();
    expect(createKeyVerifier({ pepper: random.bytes(32), records: () => [record] })(key)).toBeUndefined();
    expect(createKeyVerifier({ pepper, records: () => [] })(key)).toBeUndefined();
    const verify = createKeyVerifier({ pepper, records: () => [record] });
    for (const part of ['', 'dyno_', record.id, key.slice(0, -7), `${key} `, record.hash]) {
      expect(verify(part)).toBeUndefined();
    }
  });
});
