import { createHook } from 'node:async_hooks';
import { lookup } from 'node:dns/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { openGateway } from '../../support/open-gateway.ts';
import { createScriptedReplica } from '../../support/scripted-replica.ts';

/** A service of this machine that only programs on it should reach, and how often anything did. */
const openInnerService = async () => {
  let visits = 0;
  const server = createServer((_request, reply) => {
    reply.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
  });
  server.on('connection', () => (visits += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    visits: () => visits,
    [Symbol.dispose]: () => void server.close(),
  };
};

/** Counts every question of this process to a resolver, whoever asks and by whatever way. */
const watchLookups = () => {
  let count = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (['GETADDRINFOREQWRAP', 'QUERYWRAP'].includes(type)) count += 1;
    },
  }).enable();
  return { count: () => count, [Symbol.dispose]: () => void hook.disable() };
};

/** Stands for the address in the bodies below. */
const url = '<url>';
const user = (...content: readonly unknown[]) => [{ role: 'user', content }];

const chatParts = [
  { type: 'image_url', image_url: { url } },
  { type: 'image_url', image_url: url },
  { type: 'video_url', video_url: { url } },
  { type: 'audio_url', audio_url: { url } },
  { type: 'input_audio', input_audio: { data: url, format: 'wav' } },
  { type: 'file', file: { file_data: url, filename: 'a.pdf' } },
  { type: 'file', file: { file_id: url } },
];
const [image] = chatParts;
const chatCall = { id: 'call_1', type: 'function', function: { name: 'look', arguments: '{}' } };
const chatResult = [
  { role: 'user', content: 'Look.' },
  { role: 'assistant', tool_calls: [chatCall] },
  { role: 'tool', tool_call_id: 'call_1', content: [image] },
];
const responseParts = [
  { type: 'input_image', image_url: url },
  { type: 'input_file', file_url: url },
  { type: 'input_file', file_data: url, filename: 'a.pdf' },
  { type: 'input_audio', input_audio: { data: url, format: 'wav' } },
];
const responseResult = { type: 'function_call_output', call_id: 'call_1', output: responseParts };
const sources = [
  { type: 'url', url },
  { type: 'base64', media_type: 'image/png', data: url },
  { type: 'file', file_id: url },
];
const blocks = ['image', 'document'].flatMap((type) => sources.map((source) => ({ type, source })));
const blockResult = (block: unknown) => [
  { role: 'user', content: 'Look.' },
  { role: 'assistant', content: [{ type: 'tool_use', id: 'call_1', name: 'look', input: {} }] },
  { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: [block] }] },
];
const message = { model: 'demo', max_tokens: 4 };

/**
 * Every place of every dialect that could hold an address or the bytes themselves, and what its refusal names. No API has
 * an address for a text to embed or to rank: that is no thing left undone but a wrong value.
 */
type Place = readonly [path: string, param: string, body: object, code?: 'invalid_value'];
const places: readonly Place[] = [
  ...chatParts.flatMap((part) =>
    ['/v1/chat/completions', '/apply-template'].map(
      (path) => [path, 'messages[0].content[0].type', { messages: user(part) }] as const,
    ),
  ),
  ['/v1/chat/completions', 'messages[2].content[0].type', { messages: chatResult }],
  ['/v1/chat/completions', 'web_search_options', { messages: user(), web_search_options: {} }],
  ...responseParts.map(
    (part) => ['/v1/responses', 'input[0].content[0].type', { input: user(part) }] as const,
  ),
  ['/v1/responses', 'input[0].output[0].type', { input: [responseResult] }],
  ['/v1/responses', 'tools[0].type', { input: 'Hi', tools: [{ type: 'mcp', server_url: url }] }],
  ...blocks.flatMap((block) => [
    ['/v1/messages', 'messages[0].content[0].type', { ...message, messages: user(block) }] as const,
    [
      '/v1/messages',
      'messages[2].content[0].content[0].type',
      { ...message, messages: blockResult(block) },
    ] as const,
    [
      '/v1/messages/count_tokens',
      'messages[0].content[0].type',
      { model: 'demo', messages: user(block) },
    ] as const,
  ]),
  ['/v1/messages', 'mcp_servers', { ...message, messages: user(), mcp_servers: [{ type: 'url', url }] }],
  [
    '/api/chat',
    'messages[0].images',
    { model: 'demo', messages: [{ role: 'user', content: '', images: [url] }] },
  ],
  ['/api/generate', 'images', { model: 'demo', prompt: 'Hi', images: [url] }],
  ['/v1/embeddings', 'input[0]', { input: [image] }, 'invalid_value'],
  ['/api/embed', 'input[0]', { model: 'demo', input: [{ image: url }] }, 'invalid_value'],
  ['/v1/rerank', 'documents[0]', { query: 'a', documents: [{ image: url }] }, 'invalid_value'],
];

const refusals = places.map(
  ([path, param, body, code = 'unsupported_parameter']) => [path, param, body, code] as const,
);

describe('an address in a request', () => {
  it.each(refusals)(
    'is refused by name, never resolved and never fetched: %s, %s, %j, %s',
    async (path, param, body, code) => {
      using inner = await openInnerService();
      using lookups = watchLookups();
      const replica = createScriptedReplica({ facts: { ranking: 'embeddings' } });
      await using server = await openGateway(replica);
      const hosts = ['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', 'images.example'];
      const urls = hosts.map((host) => `http://${host}:${inner.port}/secret.png`);
      for (const address of [...urls, 'data:image/png;base64,aGk=', 'file:///etc/passwd']) {
        const sent: unknown = JSON.parse(JSON.stringify(body).replaceAll(url, address));
        const reply = await server.fetch(path, sent);
        // Anthropic's and Ollama's errors have no field for the parameter: it stands in the message
        const text = await reply.text();
        expect([reply.status, text]).toEqual([400, expect.stringContaining(param)]);
        expect(text).toContain(`"code":"${code}"`);
      }
      expect([lookups.count(), inner.visits(), replica.liveCount()]).toEqual([0, 0, 0]);
    },
  );

  it('would be seen by what watches here, were it resolved or fetched', async () => {
    using inner = await openInnerService();
    using lookups = watchLookups();
    await lookup('localhost');
    await fetch(`http://127.0.0.1:${inner.port}`, { redirect: 'manual' });
    expect([lookups.count(), inner.visits()]).toEqual([1, 1]);
  });
});
