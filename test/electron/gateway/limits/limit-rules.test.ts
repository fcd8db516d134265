import { expect, it } from 'vitest';
import { limitHeaders } from '../../../../electron/gateway/limits/limit-headers.ts';
import { limitRules } from '../../../../electron/gateway/limits/limit-rules.ts';
import { noLimits } from '../../../../shared/contract/limits.ts';
import { createPrincipal } from '../../../support/principal.ts';

const ofTokens = (tokensPerMinute: number) => ({ ...noLimits, tokensPerMinute });
const source = { tenantLimits: () => ofTokens(300), serverLimits: () => ofTokens(400) };
const principal = createPrincipal({
  keyId: 'k',
  tenantId: 't',
  limits: { requestsPerMinute: 9, tokensPerMinute: 100, concurrency: 2 },
  modelLimits: { demo: ofTokens(200) },
});
const told = (id: string, name = id) =>
  limitRules(principal, { id, name }, source).map(({ id, limit }) => `${id} ${limit}`);

it('counts a request against its key, the key for that model, its tenant and the server', () => {
  expect(told('demo')).toEqual([
    'key/k/requests 9',
    'key/k/tokens 100',
    'key/k/concurrency 2',
    'model/k/demo/tokens 200',
    'tenant/t/tokens 300',
    'server/all/tokens 400',
  ]);
  expect(told('another')).not.toContain('model/k/demo/tokens 200');
  expect(told('demo-q4', 'demo')).toContain('model/k/demo/tokens 200');
});

it('has no limit of the name of what every object has', () => {
  expect(told('constructor')).toHaveLength(5);
});

it('tells what is left of the limit that has the smallest share left', () => {
  const left = [90, 190, 10, 399];
  const rules = limitRules(principal, { id: 'demo', name: 'demo' }, source).filter(
    ({ resource }) => resource === 'tokens',
  );
  const states = rules.map((rule, at) => ({ rule, remaining: left[at] ?? 0, resetMs: 1000 * (at + 1) }));
  expect(limitHeaders(states)).toMatchObject({
    'x-ratelimit-limit-tokens': '300',
    'x-ratelimit-remaining-tokens': '10',
    'x-ratelimit-reset-tokens': '3s',
    ratelimit:
      '"key-tokens";r=90;t=1, "model-tokens";r=190;t=2, "tenant-tokens";r=10;t=3, "server-tokens";r=399;t=4',
  });
});
