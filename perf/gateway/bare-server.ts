import { createServer, type ServerResponse } from 'node:http';
import type { EngineReplica, GenerateRequest } from '../../electron/engine/index.ts';
import { greedy } from '../../test/support/greedy.ts';

export const bareRequest = (id: string, maxTokens: number): GenerateRequest => ({
  id,
  prompt: { type: 'text', text: '' },
  sampling: { ...greedy, seed: 0 },
  maxTokens,
  stop: [],
});

let served = 0;

const answer = async (replica: EngineReplica, body: string, reply: ServerResponse): Promise<void> => {
  const asked: unknown = JSON.parse(body);
  const isStream = typeof asked === 'object' && asked !== null && 'stream' in asked && asked.stream === true;
  const maxTokens =
    typeof asked === 'object' && asked !== null && 'max_tokens' in asked ? Number(asked.max_tokens) : 1;
  let text = '';
  served += 1;
  if (isStream) reply.writeHead(200, { 'content-type': 'text/event-stream' });
  for await (const event of replica.generate(
    bareRequest(`bare-${served}`, maxTokens),
    new AbortController().signal,
  )) {
    if (event.type !== 'delta') continue;
    if (isStream)
      reply.write(`data: ${JSON.stringify({ choices: [{ delta: { content: event.text } }] })}\n\n`);
    else text += event.text;
  }
  if (isStream) reply.end('data: [DONE]\n\n');
  else
    reply
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ choices: [{ message: { content: text } }] }));
};

/** The least a server can do over Node's HTTP in front of `replica`: no key, no checks, no limits, no accounts. */
export const openBareServer = (replica: EngineReplica): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer((incoming, reply) => {
      let body = '';
      incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
      incoming.on('end', () => void answer(replica, body, reply));
    });
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
