import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ScriptedServer extends AsyncDisposable {
  /** With `/v1`. */
  readonly baseUrl: string;
  /** Bodies of the requests so far, parsed. */
  readonly bodies: readonly Record<string, unknown>[];
  /** Connections accepted so far. */
  connections(): number;
}

export type Answer = (
  response: ServerResponse,
  body: Record<string, unknown>,
  request: IncomingMessage,
) => void;

const chunk = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;

/** Answers like an OpenAI-compatible server: `max_tokens` one-token events, then usage. */
export const streamAnswer: Answer = (response, body) => {
  const tokens = Number(body.max_tokens);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(chunk({ choices: [{ delta: { role: 'assistant', content: '' } }] }));
  let sent = 0;
  const next = () => {
    response.write(chunk({ choices: [{ delta: { content: 'x' }, finish_reason: null }] }));
    sent += 1;
    if (sent < tokens) return void setImmediate(next);
    response.write(chunk({ choices: [{ delta: {}, finish_reason: 'length' }] }));
    response.write(
      chunk({
        choices: [],
        usage: {
          prompt_tokens: 24,
          completion_tokens: tokens,
          prompt_tokens_details: { cached_tokens: 0 },
        },
      }),
    );
    response.end('data: [DONE]\n\n');
  };
  setImmediate(next);
};

/** A real HTTP server on a free loopback port that answers every request as told. */
export const startScriptedServer = async (answer: Answer): Promise<ScriptedServer> => {
  const bodies: Record<string, unknown>[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    request.on('end', () => {
      const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
      if (request.method === 'POST') bodies.push(body);
      answer(response, body, request);
    });
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    bodies,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
