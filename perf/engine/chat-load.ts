import http from 'node:http';
import { watchCpu } from './cpu-meter.ts';
import type { ChatServer, Sample } from './peers.ts';

export interface ChatSample extends Sample {
  /** Median over the clients: request bytes sent to first event with text. */
  readonly ttftMs: number;
  readonly tokens: number;
}

interface ClientResult {
  readonly ttftMs: number;
  readonly tokens: number;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** One streaming chat; counts events with text, which are tokens in both servers. */
const chat = (server: ChatServer, prompt: string, tokens: number): Promise<ClientResult> =>
  new Promise((resolve, reject) => {
    const body = JSON.stringify({
      model: 'perf',
      messages: [{ role: 'user', content: prompt }],
      max_tokens: tokens,
      temperature: 0,
      stream: true,
      stream_options: { include_usage: true },
      ignore_eos: true,
    });
    const headers = {
      'content-type': 'application/json',
      ...(server.apiKey !== undefined && { authorization: `Bearer ${server.apiKey}` }),
    };
    const startMs = performance.now();
    let ttftMs = Number.NaN;
    let counted = 0;
    let usage: number | undefined;
    let text = '';
    const read = (line: string): void => {
      if (!line.startsWith('data: ') || line === 'data: [DONE]') return;
      if (/"(content|reasoning_content)":"[^"]/.test(line)) {
        if (Number.isNaN(ttftMs)) ttftMs = performance.now() - startMs;
        counted += 1;
      }
      const told = /"completion_tokens":(\d+)/.exec(line)?.[1];
      if (told !== undefined) usage = Number(told);
    };
    const request = http.request(
      `${server.url}/chat/completions`,
      { method: 'POST', headers },
      (response) => {
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          const lines = text.split('\n');
          text = lines.pop() ?? '';
          for (const line of lines) read(line);
        });
        response.on('end', () => {
          if (response.statusCode === 200) resolve({ ttftMs, tokens: usage ?? counted });
          else reject(new Error(`HTTP ${String(response.statusCode)}: ${text}`));
        });
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(body);
  });

/** `clients` chats at once with prompts of their own; tokens of all over the time of all. */
export const runChats = async (
  server: ChatServer,
  options: {
    readonly clients: number;
    readonly tokens: number;
    readonly promptOf: (client: number) => string;
  },
): Promise<ChatSample> => {
  const cpu = watchCpu(server.pids);
  const startMs = performance.now();
  const results = await Promise.all(
    Array.from({ length: options.clients }, (_, client) =>
      chat(server, options.promptOf(client), options.tokens),
    ),
  );
  const wallMs = performance.now() - startMs;
  const tokens = results.reduce((sum, result) => sum + result.tokens, 0);
  return {
    tokensPerSecond: (tokens / wallMs) * 1000,
    ttftMs: median(results.map(({ ttftMs }) => ttftMs)),
    tokens,
    ...cpu.stop(),
  };
};
