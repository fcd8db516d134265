import { createServer, type ServerResponse } from 'node:http';
import { z } from 'zod';

/**
 * A server of known times, in a process of its own: streams tokens at a fixed pace and remembers when it wrote each of
 * them, on the machine's monotonic clock, so that the client's stamps can be held against the truth.
 * Arguments: milliseconds to the first token, milliseconds between tokens.
 */
const [ttftMs = 50, gapMs = 20] = process.argv.slice(2).map(Number);

const bodySchema = z.object({
  messages: z.array(z.object({ content: z.string() })).min(1),
  max_tokens: z.number(),
});
const stamps = new Map<string, number[]>();
const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;
const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const token = event({ choices: [{ index: 0, delta: { content: ' tok' }, finish_reason: null }] });

const stream = (response: ServerResponse, name: string, tokens: number): void => {
  const beganMs = nowMs();
  const own: number[] = [];
  stamps.set(name, own);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const next = (): void => {
    own.push(nowMs());
    response.write(token);
    if (own.length < tokens) {
      setTimeout(next, Math.max(1, beganMs + ttftMs + own.length * gapMs - nowMs()));
      return;
    }
    const usage = { prompt_tokens: 8, completion_tokens: tokens };
    response.end(
      `${event({ choices: [{ index: 0, delta: {}, finish_reason: 'length' }] })}${event({ choices: [], usage })}data: [DONE]\n\n`,
    );
  };
  setTimeout(next, ttftMs);
};

const server = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  request.on('end', () => {
    const { messages, max_tokens: tokens } = bodySchema.parse(JSON.parse(text));
    stream(response, messages.at(-1)?.content ?? '', tokens);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.send?.({ type: 'ready', port: address.port });
});
process.on('message', () => {
  process.send?.({ type: 'stamps', stamps: [...stamps] });
  stamps.clear();
});
