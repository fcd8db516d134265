import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { expect, it } from 'vitest';
import { hostActor } from '../../../electron/app/access/actor.ts';
import { makeHome, openApp } from '../../support/open-app.ts';

const PROMPT = 'marzipan-zeppelin-prompt';
const ANSWER = 'Hello! How can I help you?';
const FOREIGN_KEY = `dyno_markermarker_${'m'.repeat(43)}_marker`;

/** Files of the folder, database and its write-ahead log included, that hold one of the texts. */
const filesWith = async (folder: string, texts: readonly string[]): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    if (texts.some((text) => bytes.includes(text))) found.push(entry.name);
  }
  return found;
};

it('writes neither prompts, answers nor keys into a log of any level, the ledger or the database', async () => {
  await using home = await makeHome();
  let logged = '';
  let key = '';
  {
    await using host = await openApp(home.path);
    const client = createRouterClient(host.app.router, { context: { actor: hostActor } });
    const status = await client.server.start({ port: 0, settings: { contextSize: 512, gpuLayers: 0 } });
    const url = status.type === 'on' ? status.url : '';
    key = (await client.server.apiKey()).apiKey;
    const post = async (path: string, body: string, presented = key): Promise<number> => {
      const headers = { authorization: `Bearer ${presented}`, 'content-type': 'application/json' };
      const reply = await fetch(`${url}${path}`, { method: 'POST', body, headers });
      await reply.text();
      return reply.status;
    };
    const messages = [{ role: 'user', content: `Hello ${PROMPT}` }];
    const statuses = [
      await post(
        '/chat/completions',
        JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }], temperature: 0 }),
      ),
      await post('/chat/completions', JSON.stringify({ messages, max_tokens: 4, stream: true })),
      await post('/responses', JSON.stringify({ input: PROMPT, max_output_tokens: 4 })),
      await post('/embeddings', JSON.stringify({ input: PROMPT })),
      await post('/chat/completions', JSON.stringify({ messages, [PROMPT]: 1 })),
      await post('/chat/completions', JSON.stringify({ messages, tools: PROMPT })),
      await post('/chat/completions', `{"messages": "${PROMPT}`),
      await post('/completions', JSON.stringify({ prompt: `${PROMPT} `.repeat(600) })),
      await post('/chat/completions', JSON.stringify({ messages }), FOREIGN_KEY),
    ];
    expect(statuses).toEqual([200, 200, 200, 200, 400, 400, 400, 400, 401]);
    await client.server.stop();
    logged = JSON.stringify(host.log.lines);
  }
  const secrets = [PROMPT, ANSWER, FOREIGN_KEY];
  expect([...secrets, key].filter((secret) => logged.includes(secret))).toEqual([]);
  expect(logged).not.toBe('[]');
  expect(await filesWith(home.path, secrets)).toEqual([]);
  // the owner's own key is kept in clear for its owner alone, in this file and nowhere else
  expect(await filesWith(home.path, [key])).toEqual(['server-key.json']);
});
