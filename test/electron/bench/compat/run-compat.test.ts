import { expect, it } from 'vitest';
import { compatChecks, runCompat } from '../../../../electron/bench/compat/run-compat.ts';
import type { Http } from '../../../../electron/platform/ports.ts';
import type { CompatResult } from '../../../../shared/contract/compat.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';

const reply = {
  id: 'c1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello there' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
};

/** A server that answers every chat with 200 and the same words, and has no other route but its list. */
const createCarelessServer = (listStatus = 200): Http => ({
  request: (url) => {
    const isList = url.endsWith('/v1/models');
    const isChat = url.endsWith('/v1/chat/completions');
    const status = isList ? listStatus : isChat ? 200 : 404;
    const body = isList ? { object: 'list', data: [{ id: 'm' }] } : isChat ? reply : {};
    const text = JSON.stringify(body);
    return Promise.resolve({
      status,
      headers: {},
      text: () => Promise.resolve(text),
      body: (async function* () {
        yield await Promise.resolve(new TextEncoder().encode(text));
      })(),
    });
  },
});

const resultsOf = async (http: Http, url = 'http://127.0.0.1:1/v1/'): Promise<readonly CompatResult[]> => {
  const results: CompatResult[] = [];
  const ports = { http, clock: createFakeClock() };
  for await (const event of runCompat(ports, { url }, new AbortController().signal)) {
    if (event.type === 'checked') results.push(event.result);
  }
  return results;
};

it('tells what passed, what failed and how, and what is not there', async () => {
  const results = await resultsOf(createCarelessServer());
  expect(results.map(({ id }) => id)).toEqual(compatChecks.map(({ id }) => id));
  const byId = new Map(results.map((result) => [result.id, result]));
  expect(byId.get('chat.whole')).toMatchObject({ outcome: 'passed', found: null });
  expect(byId.get('chat.unknown-parameter')).toMatchObject({
    outcome: 'failed',
    found: '200: temprature was dropped without a word',
  });
  expect(byId.get('chat.n')).toMatchObject({ outcome: 'failed', found: '1 answers for n 2' });
  expect(byId.get('chat.stream')).toMatchObject({ found: 'the stream does not end with [DONE]' });
  expect(byId.get('chat.json-schema')).toMatchObject({ outcome: 'failed', found: 'Hello there' });
  expect(byId.get('anthropic.whole')).toMatchObject({ outcome: 'missing' });
  expect(byId.get('errors.unknown-model')).toMatchObject({ outcome: 'failed', found: '200' });
});

it('has a name of its own for every check, in its group', () => {
  expect(new Set(compatChecks.map(({ id }) => id)).size).toBe(compatChecks.length);
  for (const { id, group } of compatChecks) expect(id.startsWith(`${group}.`)).toBe(true);
});

it('asks for the key, and says when nobody answers', async () => {
  await expect(resultsOf(createCarelessServer(401))).rejects.toMatchObject({
    code: 'bench.target-unauthorized',
  });
  const dead: Http = { request: () => Promise.reject(new TypeError('connect')) };
  await expect(resultsOf(dead)).rejects.toMatchObject({ code: 'bench.target-unreachable' });
});
