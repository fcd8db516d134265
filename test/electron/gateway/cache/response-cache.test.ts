import { describe, expect, it } from 'vitest';
import { answerKey } from '../../../../electron/gateway/cache/answer-key.ts';
import { createResponseCache, type KeptAnswer } from '../../../../electron/gateway/cache/response-cache.ts';
import type { GenerationCall } from '../../../../electron/gateway/call.ts';
import { createResponseStore } from '../../../../electron/gateway/openai/responses/response-store.ts';
import { matchRoute, type CallRoute } from '../../../../electron/gateway/public-routes.ts';
import { parse } from '../../../../electron/gateway/stages/parse.ts';
import { createNodeRandom } from '../../../../electron/platform/node/random.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createDemoRoutes } from '../../../support/gateway-model.ts';

const answer = (text: string): KeptAnswer => [
  {
    events: [{ type: 'delta', channel: 'content', text, tokens: 1 }],
    end: {
      reason: 'stop',
      stopText: undefined,
      usage: { promptTokens: 1, cachedTokens: 0, outputTokens: 1, reasoningTokens: 0 },
      timings: { queueMs: 0, prefillMs: 1, decodeMs: 1 },
    },
  },
];

const callOf = (body: Readonly<Record<string, unknown>>, path = '/v1/chat/completions'): GenerationCall => {
  const ports = {
    routes: createDemoRoutes(),
    clock: createFakeClock(),
    random: createNodeRandom(),
    responses: createResponseStore(),
    keyId: 'k',
  };
  const call = parse(
    matchRoute('POST', path) as CallRoute,
    new TextEncoder().encode(JSON.stringify(body)),
    ports,
  );
  if (call.type !== 'generation') throw new TypeError('expected a generation');
  return call;
};
const messages = [{ role: 'user', content: 'Hi' }];
const keyOf = (body: Readonly<Record<string, unknown>>, tenant = 'a', path?: string) =>
  answerKey(callOf(body, path), tenant);

describe('the key an answer is kept under', () => {
  it('is the same for the same deterministic request, whatever the order of its names', () => {
    const one = { messages, temperature: 0, max_tokens: 5, logit_bias: { 1: 2, 3: 4 } };
    const other = {
      logit_bias: { 3: 4, 1: 2 },
      max_completion_tokens: 5,
      temperature: 0,
      messages,
      stream: true,
    };
    expect(keyOf(one)).toBe(keyOf(other));
    expect(keyOf(one)).toMatch(/^[\w-]{43}$/u);
    expect(keyOf({ ...one, seed: 1 })).toBe(keyOf({ ...one, seed: 2 }));
  });

  it('is another one for another tenant, and for anything the engine is asked differently', () => {
    const body = { messages, seed: 7 };
    const keys = [
      keyOf(body),
      keyOf(body, 'b'),
      keyOf({ ...body, seed: 8 }),
      keyOf({ ...body, temperature: 0.5 }),
      keyOf({ ...body, max_tokens: 9 }),
      keyOf({ ...body, stop: 'x' }),
      keyOf({ ...body, n: 2 }),
      keyOf({ messages: [{ role: 'user', content: 'Hi!' }], seed: 7 }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is not there where the next answer would be another', () => {
    expect(keyOf({ messages })).toBeUndefined();
    expect(keyOf({ messages, seed: null })).toBeUndefined();
    expect(keyOf({ messages, temperature: 0, logprobs: true })).toBeUndefined();
    expect(keyOf({ model: 'demo', messages, options: { seed: 1 } }, 'a', '/api/chat')).toBeDefined();
    expect(keyOf({ model: 'demo', messages }, 'a', '/api/chat')).toBeUndefined();
  });
});

describe('the cache of answers', () => {
  it('forgets what was used longest ago when it is full', () => {
    const cache = createResponseCache(1000);
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']) {
      cache.put(key, answer('xx'));
      cache.get('a');
    }
    // 100 bytes each: room for ten
    cache.put('j', answer('xx'));
    cache.put('k', answer('xx'));
    expect([cache.get('a'), cache.get('b'), cache.get('c')?.length]).toEqual([answer('xx'), undefined, 1]);
  });

  it('counts an answer put twice once, and keeps none that would fill it', () => {
    const cache = createResponseCache(1000);
    for (let each = 0; each < 50; each += 1) cache.put('a', answer('xx'));
    cache.put('b', answer('xx'));
    cache.put('big', answer('x'.repeat(100)));
    expect([cache.get('a')?.length, cache.get('b')?.length, cache.get('big')]).toEqual([1, 1, undefined]);
  });
});
