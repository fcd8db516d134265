import { fileURLToPath } from 'node:url';
import { ESLint, Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { expect, it } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));
const eslint = new ESLint({ cwd: root });
const guarded = [
  'no-restricted-imports',
  '@typescript-eslint/no-restricted-imports',
  'no-restricted-globals',
  'no-restricted-properties',
  'no-restricted-syntax',
];
const configSchema = z.object({ rules: z.record(z.string(), z.custom<Linter.RuleEntry>()) });

/** What the repository's own configuration says of `code`, were it in that file; of the guarding rules only. */
const complaints = async (file: string, code: string): Promise<readonly string[]> => {
  const { rules } = configSchema.parse(await eslint.calculateConfigForFile(file));
  const chosen = guarded.flatMap((name) => (name in rules ? [[name, rules[name]] as const] : []));
  const found = new Linter({ cwd: root }).verify(
    code,
    {
      files: ['**/*.ts'],
      languageOptions: { parser: tseslint.parser },
      plugins: { '@typescript-eslint': tseslint.plugin },
      rules: Object.fromEntries(chosen),
    },
    file,
  );
  return found.map(({ ruleId, message }) => ruleId ?? message);
};

const ways = [
  "await fetch('http://example.org');",
  "await globalThis.fetch('http://example.org');",
  "new WebSocket('ws://example.org');",
  "import { request } from 'node:http'; request('http://example.org');",
  "import { get } from 'https'; get('https://example.org');",
  "import * as http from 'node:http'; http.request('http://example.org');",
  "import http from 'node:http'; http.request('http://example.org');",
  "import { connect } from 'node:net'; connect(80, 'example.org');",
  "import { Socket } from 'node:net'; new Socket().connect(80, 'example.org');",
  "import { connect } from 'node:tls'; connect(443, 'example.org');",
  "import { lookup } from 'node:dns/promises'; await lookup('example.org');",
  "import { connect } from 'node:http2'; connect('https://example.org');",
  "import { createSocket } from 'node:dgram'; createSocket('udp4');",
  "import { Client } from 'undici'; new Client('http://example.org');",
  "import { WebSocket } from 'ws'; new WebSocket('ws://example.org');",
  "import { net } from 'electron'; await net.fetch('http://example.org');",
  "import { resolveModelFile } from 'node-llama-cpp'; await resolveModelFile('hf:a/b');",
  "const { request } = await import('node:http'); request('http://example.org');",
  "process.getBuiltinModule('node:http').get('http://example.org');",
];
const rooms = ['gateway/ticker.ts', 'app/jobs.ts', 'models/hub.ts', 'cli/program.ts', 'shell/main.ts'];

it.each(rooms)('lets nothing in electron/%s open a connection of its own', async (room) => {
  for (const way of ways) {
    const found = await complaints(`electron/${room}`, way);
    expect([way, found]).toEqual([way, [expect.toBeOneOf(guarded)]]);
  }
});

it('gives the server no port by which it could ask an address that a request names', async () => {
  const code = "import type { Http } from '../platform/ports.ts'; export type Way = Http;";
  expect(await complaints('electron/gateway/ticker.ts', code)).toEqual(['no-restricted-imports']);
  expect(await complaints('electron/models/hub.ts', code)).toEqual([]);
});

it('lets servers listen, and types be named', async () => {
  const code = `
    import { createServer, type RequestListener } from 'node:http';
    import type { Socket } from 'node:net';
    import { WebSocketServer, type WebSocket } from 'ws';
    export const listen = (act: RequestListener, sockets: WebSocketServer) => createServer(act).listen(0);
    export type Pair = readonly [Socket, WebSocket];`;
  expect(await complaints('electron/gateway/listeners.ts', code)).toEqual([]);
});

it('opens the door where it is', async () => {
  const code = "import { request } from 'node:http'; request('http://example.org');";
  expect(await complaints('electron/platform/node/outbound.ts', code)).toEqual([]);
});
