import { expect, it } from 'vitest';
import { z } from 'zod';
import { errorReplySchema } from '../../../electron/gateway/openai/reply-schemas.ts';
import { eventually } from '../../support/eventually.ts';
import { openGateway, type OpenGateway } from '../../support/open-gateway.ts';
import { createScriptedReplica, type ScriptedReplica } from '../../support/scripted-replica.ts';

const open = async (): Promise<OpenGateway & { readonly replica: ScriptedReplica }> => {
  const replica = createScriptedReplica();
  return { ...(await openGateway(replica)), replica };
};
const errorOf = async (response: Response) => ({
  status: response.status,
  retryAfter: response.headers.get('retry-after'),
  error: errorReplySchema.parse(await response.json()).error,
});

it('tells apart that it lives and that it can serve', async () => {
  await using server = await open();
  const bare = { headers: { authorization: '' } };
  expect((await server.fetch('/ready', undefined, bare)).status).toBe(200);
  server.replica.setState({ type: 'loading', fraction: 0.25 });
  expect((await server.fetch('/health', undefined, bare)).status).toBe(200);
  expect(await errorOf(await server.fetch('/ready', undefined, bare))).toMatchObject({
    status: 503,
    retryAfter: '1',
    error: { code: 'model_loading', progress: 0.25 },
  });
});

it('describes itself, its slots and what it did, to keys only', async () => {
  await using server = await open();
  const asked = server.fetch('/v1/chat/completions', { messages: [{ role: 'user', content: 'Hi' }] });
  const generation = await server.replica.next();
  expect(await (await server.fetch('/props')).json()).toMatchObject({ model_alias: 'demo' });
  const slots = z.array(z.object({ id: z.number(), is_processing: z.boolean() }));
  const working = slots.parse(await (await server.fetch('/slots')).json());
  expect(working.filter(({ is_processing }) => is_processing)).toHaveLength(1);
  generation.start(9, 3);
  generation.say('a');
  generation.finish();
  await (await asked).text();
  const metrics = await server.fetch('/metrics');
  expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await metrics.text();
  expect(text).toContain('dyno_requests_total{route="/v1/chat/completions",model="demo",status="200"} 1\n');
  expect(text).toContain('dyno_engine_ready{model="demo",replica="scripted"} 1\n');
  expect(text).toContain('dyno_requests_running 0\n');
  for (const path of ['/props', '/slots', '/metrics']) {
    expect((await server.fetch(path, undefined, { headers: { authorization: '' } })).status).toBe(401);
  }
});

it('tokenizes, detokenizes and renders without taking a slot', async () => {
  await using server = await open();
  const tokens = await server.fetch('/tokenize', { content: 'Hi' });
  expect(await tokens.json()).toEqual({ tokens: [72, 105] });
  expect(await (await server.fetch('/detokenize', { tokens: [72, 105] })).json()).toEqual({ content: 'Hi' });
  const template = await server.fetch('/apply-template', { messages: [{ role: 'user', content: 'Hi' }] });
  expect(await template.json()).toEqual({ prompt: '', tokens: 0 });
  expect(server.replica.liveCount()).toBe(0);
  const foreign = await server.fetch('/detokenize', { tokens: [1, 16_000_000] });
  expect((await errorOf(foreign)).error).toMatchObject({ code: 'invalid_value', param: 'tokens[1]' });
});

it('refuses to rank and to fill a gap with a model that cannot', async () => {
  await using server = await open();
  const ranked = await server.fetch('/v1/rerank', { query: 'a', documents: ['b'] });
  expect(await errorOf(ranked)).toMatchObject({
    status: 400,
    error: { code: 'unsupported_parameter', param: 'model' },
  });
  const filled = await server.fetch('/infill', { input_prefix: 'a', input_suffix: 'b' });
  expect((await errorOf(filled)).error).toMatchObject({
    code: 'unsupported_parameter',
    param: 'input_suffix',
  });
});

it('lets ranking wait for a model that loads, and then says how it was done', async () => {
  const replica = createScriptedReplica({ facts: { ranking: 'embeddings' } });
  await using server = await openGateway(replica);
  const ready = replica.state();
  replica.setState({ type: 'loading', fraction: 0.5 });
  const asked = server.fetch('/v1/rerank', { query: 'a', documents: ['b', 'long'], top_n: 1 });
  await eventually(() => server.gateway.snapshot().queued === 1);
  replica.setState(ready);
  const reply = await asked;
  expect([reply.status, await reply.json()]).toMatchObject([200, { results: [{ index: 1 }] }]);
  expect(reply.headers.get('x-dyno-warning')).toContain('cosine similarity');
});
