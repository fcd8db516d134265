import { describe, expect, it } from 'vitest';
import { isDueForRotation, keyNoticeAt, keyStateAt } from '../../../../electron/gateway/auth/key-state.ts';
import { mintKey, rotateKey } from '../../../../electron/gateway/auth/mint-key.ts';
import { createNodeRandom } from '../../../../electron/platform/node/random.ts';
import { keyCreateInputSchema, type KeyCreateInput } from '../../../../shared/contract/keys.ts';

const DAY = 86_400_000;
const random = createNodeRandom();
const at = (nowMs: number) => ({ random, pepper: random.bytes(32), nowMs });
const mint = (wish: Partial<KeyCreateInput>) =>
  mintKey({ ...keyCreateInputSchema.parse({ name: 'k' }), ...wish }, 'host', at(0)).key;
const rotation = { maxAgeMs: null, maxIdleMs: null, isAutomatic: false };

describe('the life of a key', () => {
  it('lasts until its expiry', () => {
    const key = mint({ expiresInMs: 30 * DAY });
    expect([0, 30 * DAY - 1, 30 * DAY].map((ms) => keyStateAt(key, ms))).toEqual([
      'active',
      'active',
      'expired',
    ]);
  });

  it('ends at its maximum age, unless a successor is made by itself then', () => {
    const byHand = mint({ rotation: { ...rotation, maxAgeMs: DAY } });
    const byItself = mint({ rotation: { ...rotation, maxAgeMs: DAY, isAutomatic: true } });
    expect([keyStateAt(byHand, DAY), keyStateAt(byItself, DAY)]).toEqual(['expired', 'active']);
    expect([isDueForRotation(byHand, DAY), isDueForRotation(byItself, DAY)]).toEqual([false, true]);
    expect(isDueForRotation(byItself, DAY - 1)).toBe(false);
  });

  it('ends when it is unused for too long, counted from its last use', () => {
    const key = mint({ rotation: { ...rotation, maxIdleMs: DAY } });
    expect(keyStateAt(key, DAY)).toBe('idle');
    expect(keyStateAt({ ...key, lastUsedAtMs: DAY - 1 }, DAY)).toBe('active');
  });

  it('goes on for the grace after a rotation, never past its own end, and revoking ends all of it', () => {
    const old = mint({ expiresInMs: 2 * DAY });
    const { predecessor, key } = rotateKey(old, DAY, 'host', at(DAY / 2));
    expect(keyStateAt(predecessor, DAY)).toBe('grace');
    expect(keyStateAt(predecessor, 1.5 * DAY)).toBe('expired');
    expect(rotateKey(old, 10 * DAY, 'host', at(0)).predecessor.graceUntilMs).toBe(2 * DAY);
    expect(keyStateAt({ ...predecessor, revokedAtMs: 1 }, DAY)).toBe('revoked');
    expect(key).toMatchObject({ predecessorId: old.id, expiresAtMs: 2 * DAY, role: old.role });
    expect(key.hash).not.toBe(old.hash);
    expect(isDueForRotation(predecessor, 3 * DAY)).toBe(false);
  });

  it('warns in its last week, in the last tenth of a short life, and all through the grace', () => {
    const long = mint({ expiresInMs: 365 * DAY });
    expect(keyNoticeAt(long, 300 * DAY)).toBeUndefined();
    expect(keyNoticeAt(long, 359 * DAY)).toMatchObject({ endsAtMs: 365 * DAY });
    const short = mint({ expiresInMs: 10 * DAY });
    expect(keyNoticeAt(short, 8 * DAY)).toBeUndefined();
    expect(keyNoticeAt(short, 9 * DAY)?.text).toContain(`dyno keys rotate ${short.id}`);
    const { predecessor, key } = rotateKey(mint({}), DAY, 'host', at(0));
    expect(keyNoticeAt(predecessor, 1)).toEqual({
      endsAtMs: DAY,
      text: `rotated; use its successor ${key.id}`,
    });
    expect(keyNoticeAt(mint({}), 0)).toBeUndefined();
  });
});
