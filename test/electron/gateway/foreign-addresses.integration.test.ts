import { createServer } from 'node:http';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { openGateway } from '../../support/open-gateway.ts';
import { createScriptedReplica } from '../../support/scripted-replica.ts';

/** A service of this machine that only programs on it should reach, and how often anything did. */
const openInnerService = async () => {
  let visits = 0;
  const server = createServer((_request, reply) => {
    visits += 1;
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

it('fetches no address a request names, however it is spelt and wherever it would redirect', async () => {
  using inner = await openInnerService();
  const replica = createScriptedReplica();
  await using server = await openGateway(replica);
  const spellings = [
    '127.0.0.1',
    'localhost',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '[::ffff:127.0.0.1]',
  ];
  const refused: number[] = [];
  for (const host of spellings) {
    const url = `http://${host}:${inner.port}/secret.png`;
    const image = [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }];
    const source = [{ role: 'user', content: [{ type: 'image', source: { type: 'url', url } }] }];
    const input = [{ role: 'user', content: [{ type: 'input_image', image_url: url }] }];
    for (const [path, body] of [
      ['/v1/chat/completions', { messages: image }],
      ['/v1/messages', { model: 'demo', max_tokens: 4, messages: source }],
      ['/v1/responses', { input }],
      ['/api/chat', { model: 'demo', messages: [{ role: 'user', content: 'Hi', images: [url] }] }],
    ] as const) {
      refused.push((await server.fetch(path, body)).status);
    }
  }
  expect(refused).toEqual(refused.map(() => 400));
  expect([inner.visits(), replica.liveCount()]).toEqual([0, 0]);
});
