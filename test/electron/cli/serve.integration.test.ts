import { execFileSync } from 'node:child_process';
import { hash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { networkStatusSchema } from '../../../shared/contract/network.ts';
import { dyno, hasProcesses, startDyno } from '../../support/dyno-process.ts';
import { writeAdapter } from '../../support/lora-adapter.ts';
import { makeHome } from '../../support/open-app.ts';
import { otherAddress } from '../../support/other-address.ts';
import { openRaw } from '../../support/raw-http.ts';
import { descendantsOf } from '../../support/process-tree.ts';
import { demoModelPath } from '../../support/real-pool.ts';

const scope = new AsyncDisposableStack();
let home = '';
beforeAll(async () => {
  home = scope.use(await makeHome()).path;
});
afterAll(() => scope.disposeAsync());

const addressSchema = z.strictObject({ url: z.string(), apiKey: z.string() });

const chat = (url: string, apiKey: string) =>
  fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'dyno-demo-4m-f16',
      messages: [{ role: 'user', content: 'Hello' }],
      max_tokens: 8,
    }),
  });

const isListening = async (url: string): Promise<boolean> => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const [outcome] = await Promise.race([
    once(socket, 'connect').then(() => [true]),
    once(socket, 'close').then(() => [false]),
  ]).catch(() => [false]); // refused
  socket.destroy();
  return outcome === true;
};

it('starts by the name of its file without the ending, too, as Node finds it', () => {
  const entry = join(import.meta.dirname, '../../../bin/dyno');
  const env = { ...process.env, DYNO_SOURCE: '1', DYNO_HOME: home };
  expect(execFileSync(process.execPath, [entry, 'serve', '--help'], { env, encoding: 'utf8' })).toContain(
    'Usage: dyno serve',
  );
});

it('puts adapters on a model: listed, chosen by a request, refused by name', async () => {
  const style = await writeAdapter({ model: demoModelPath, path: join(home, 'style.gguf') });
  await using server = startDyno(home, ['serve', '--port', '0', '--lora', `${style}=0`, '--json']);
  const { url, apiKey } = addressSchema.parse(JSON.parse(await server.firstLine()));
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const listed = await fetch(new URL('/lora-adapters', url), { headers });
  expect(await listed.json()).toEqual([{ id: 0, path: 'style.gguf', scale: 0 }]);
  const ask = async (body: object) => {
    const question = { prompt: 'Quantization', temperature: 0, max_tokens: 12, ...body };
    const reply = await fetch(`${url}/completions`, {
      method: 'POST',
      headers,
      body: JSON.stringify(question),
    });
    return { status: reply.status, body: await reply.text() };
  };
  const textOf = async (body: object) =>
    z.object({ choices: z.tuple([z.object({ text: z.string() })]) }).parse(JSON.parse((await ask(body)).body))
      .choices[0].text;
  const [plain, off, styled] = [
    await textOf({}),
    await textOf({ lora: [{ id: 0, scale: 0 }] }),
    await textOf({ lora: [{ id: 0, scale: 1 }] }),
  ];
  expect(off).toBe(plain);
  expect(styled).not.toBe(plain);
  expect(await ask({ lora: [{ id: 1, scale: 1 }] })).toEqual({
    status: 400,
    body: expect.stringContaining('Loaded: 0 (style.gguf).') as string,
  });

  const foreign = await dyno(home, ['serve', '--port', '0', '--lora', demoModelPath]);
  expect([foreign.code, foreign.stderr]).toEqual([
    65,
    expect.stringContaining('dyno-demo-4m-f16.gguf is no LoRA adapter') as string,
  ]);
});

it('serves two hosts at once: each prints one line, guards its door, answers, and stops without a trace', async () => {
  await using first = startDyno(home, ['serve', '--port', '0', '--json']);
  await using second = startDyno(home, [
    'serve',
    'dyno-demo-4m-f16',
    '--port',
    '0',
    '--slots',
    '1',
    '--json',
  ]);
  const addresses = (await Promise.all([first.firstLine(), second.firstLine()])).map((line) =>
    addressSchema.parse(JSON.parse(line)),
  );
  expect(new Set(addresses.map(({ url }) => url)).size).toBe(2);
  if (process.platform === 'linux') {
    const arenasOf = (pid: number) =>
      /(?:^|\0)MALLOC_ARENA_MAX=(\d+)/u.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1];
    const engines = descendantsOf(first.pid);
    expect(engines.length).toBeGreaterThan(0);
    expect([arenasOf(first.pid), new Set(engines.map(arenasOf))]).toEqual(['1', new Set([undefined])]);
  }

  for (const { url, apiKey } of addresses) {
    expect((await chat(url, 'wrong')).status).toBe(401);
    using raw = await openRaw(Number(new URL(url).port));
    raw.send(`GET /v1/models HTTP/1.1\r\nhost: evil.example\r\nauthorization: Bearer ${apiKey}\r\n\r\n`);
    expect((await raw.reply()).status).toBe(403);
    const answer = await chat(url, apiKey);
    const { choices } = z
      .object({ choices: z.array(z.object({ message: z.object({ content: z.string() }) })) })
      .parse(await answer.json());
    expect(choices[0]?.message.content).not.toBe('');
  }

  first.kill('SIGTERM');
  second.killGroup('SIGINT');
  const exits = await Promise.all([first.ended, second.ended]);
  expect(exits.map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  expect(exits.map(({ stdout }) => stdout.trim().split('\n').length)).toEqual([1, 1]);
  expect([hasProcesses(first), hasProcesses(second)]).toEqual([false, false]);
  expect(await Promise.all(addresses.map(({ url }) => isListening(url)))).toEqual([false, false]);

  const rows = z
    .array(
      z.object({ route: z.string(), modelSha256: z.string().nullable(), replicaId: z.string().nullable() }),
    )
    .parse(JSON.parse((await dyno(home, ['usage', 'export', '--json'])).stdout))
    .filter(({ route }) => route === '/v1/chat/completions');
  const sha256 = hash('sha256', readFileSync(demoModelPath));
  expect(rows.map(({ modelSha256 }) => modelSha256)).toEqual([sha256, sha256]);
  expect(new Set(rows.map(({ replicaId }) => replicaId)).size).toBe(2);
});

it('takes the port of the settings, and says when another program has it', async () => {
  await using taken = await openPort();
  await dyno(home, ['settings', 'set', 'serverPort', String(taken.port)]);
  const refused = await dyno(home, ['serve', '--json']);

  expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([
    69,
    { error: { code: 'app.port-in-use' } },
  ]);
});

it('opens to the network by --listen: with a certificate of its own, to a key of its own', async () => {
  const address = otherAddress();
  const { secret } = z
    .object({ secret: z.string() })
    .parse(JSON.parse((await dyno(home, ['keys', 'create', 'laptop', '--json'])).stdout));
  await using served = startDyno(home, ['serve', '--port', '0', '--listen', address, '--json']);
  const { apiKey, network } = addressSchema
    .extend({ network: networkStatusSchema })
    .parse(JSON.parse(await served.firstLine()));
  const ca = network.tls.type === 'none' ? '' : readFileSync(network.tls.certPath, 'utf8');
  expect(new X509Certificate(ca).fingerprint256).toBe(
    network.tls.type === 'none' ? '' : network.tls.fingerprint,
  );
  const ask = (key: string) =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${key}` };
      request(`${network.urls[0] ?? ''}/models`, { ca, headers, agent: false }, (reply) =>
        resolve(reply.resume().statusCode),
      )
        .once('error', reject)
        .end();
    });
  expect([await ask(secret), await ask(apiKey), await ask('wrong')]).toEqual([200, 403, 401]);
  served.kill('SIGTERM');
  expect((await served.ended).code).toBe(0);
});

const openPort = async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
};
