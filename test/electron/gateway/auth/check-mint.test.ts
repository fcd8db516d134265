import { assert, constantFrom, integer, option, property, record, subarray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkChange, checkMint } from '../../../../electron/gateway/auth/check-mint.ts';
import type { Principal } from '../../../../electron/gateway/auth/principal.ts';
import { keyCreateInputSchema, type KeyCreateInput } from '../../../../shared/contract/keys.ts';
import { noLimits, tiers } from '../../../../shared/contract/limits.ts';
import { permissions, permissionsOf, roleNames } from '../../../../shared/contract/roles.ts';
import { createPrincipal } from '../../../support/principal.ts';

const wish = (given: Partial<KeyCreateInput> = {}): KeyCreateInput => ({
  ...keyCreateInputSchema.parse({ name: 'child', tier: 'batch' }),
  ...given,
});
const admin = createPrincipal({ role: 'admin' });
const refusal = /more than its maker has/u;

describe('making a key with a key', () => {
  it.each<readonly [string, Partial<KeyCreateInput>]>([
    ['a role with more permissions', { role: 'operator' }],
    ["an owner's role", { role: 'owner' }],
    [
      "an owner's role, which reaches every tenant, with no more permissions",
      { role: 'owner', scopes: ['inference'] },
    ],
    ['another tenant', { tenantId: 'other' }],
    ['a tier that goes first', { tier: 'realtime' }],
  ])('refuses %s', (_name, given) => {
    expect(() => checkMint(admin, wish(given), 0)).toThrow(refusal);
  });

  it('allows a narrower one, and one whose scopes leave out what the maker lacks', () => {
    expect(() => checkMint(admin, wish({ role: 'developer' }), 0)).not.toThrow();
    expect(() => checkMint(admin, wish({ role: 'operator', scopes: ['inference'] }), 0)).not.toThrow();
  });

  it('holds the child to the models, the limits and the end of its maker', () => {
    const limits = { ...noLimits, requestsPerMinute: 60 };
    const held = createPrincipal({ role: 'admin', models: ['a', 'b'], limits, expiresAtMs: 1000 });
    const good = wish({ models: ['a'], limits, expiresInMs: 1000 });
    expect(() => checkMint(held, good, 0)).not.toThrow();
    for (const bad of [
      { models: null },
      { models: ['a', 'c'] },
      { limits: noLimits },
      { limits: { ...noLimits, requestsPerMinute: 61 } },
      { expiresInMs: null },
      { expiresInMs: 1001 },
    ]) {
      expect(() => checkMint(held, { ...good, ...bad }, 0), JSON.stringify(bad)).toThrow(refusal);
    }
    expect(() => checkChange(held, good, { models: null })).toThrow(refusal);
    expect(() => checkChange(held, good, { limits: noLimits })).toThrow(refusal);
    expect(() => checkChange(held, good, { tier: 'batch' })).not.toThrow();
  });

  it('holds the child to the limits of its maker for one model, where it names none of its own', () => {
    const demo = { ...noLimits, requestsPerMinute: 10 };
    const held = createPrincipal({ role: 'admin', modelLimits: { demo } });
    const nine = { ...noLimits, requestsPerMinute: 9 };
    expect(() => checkMint(held, wish(), 0)).toThrow(refusal);
    expect(() => checkMint(held, wish({ limits: nine }), 0)).not.toThrow();
    expect(() => checkMint(held, wish({ modelLimits: { demo } }), 0)).not.toThrow();
    expect(() => checkMint(held, wish({ limits: nine, modelLimits: { demo: noLimits } }), 0)).toThrow(
      refusal,
    );
  });

  it('never gives a permission, a tier or a rate the maker lacks, whatever both are', () => {
    const limit = option(integer({ min: 1, max: 100 }));
    const one = record({
      role: constantFrom(...roleNames),
      scopes: option(subarray([...permissions])),
      tier: constantFrom(...tiers),
      requestsPerMinute: limit,
    });
    assert(
      property(one, one, (maker, child) => {
        const by: Principal = createPrincipal({
          ...maker,
          limits: { ...noLimits, requestsPerMinute: maker.requestsPerMinute },
        });
        const asked = wish({ ...child, limits: { ...noLimits, requestsPerMinute: child.requestsPerMinute } });
        const isWider =
          permissionsOf(asked).some((each) => !by.scopes.includes(each)) ||
          tiers.indexOf(child.tier) < tiers.indexOf(maker.tier) ||
          (child.role === 'owner' && maker.role !== 'owner') ||
          (maker.requestsPerMinute !== null &&
            (child.requestsPerMinute === null || child.requestsPerMinute > maker.requestsPerMinute));
        const check = () => checkMint(by, asked, 0);
        if (isWider) expect(check).toThrow(refusal);
        else expect(check).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });
});
