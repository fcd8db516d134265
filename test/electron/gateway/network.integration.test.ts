import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect, createServer } from 'node:net';
import { connect as connectTls, getCACertificates, setDefaultCACertificates } from 'node:tls';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createSingleKey, type KeyRing } from '../../../electron/gateway/index.ts';
import { makeCertificate, type PemPair } from '../../../electron/gateway/tls/make-certificate.ts';
import { createNodeClock } from '../../../electron/platform/node/clock.ts';
import { createNodeRandom } from '../../../electron/platform/node/random.ts';
import { eventually } from '../../support/eventually.ts';
import { isIdle, openGateway, type OpenGateway } from '../../support/open-gateway.ts';
import { otherAddress, outerAddresses } from '../../support/other-address.ts';
import { createScriptedReplica, type ScriptedReplica } from '../../support/scripted-replica.ts';

const [random, clock, address] = [createNodeRandom(), createNodeClock(), otherAddress()];
const owner = createSingleKey('owner', { random, clock, role: 'owner' });
const client = createSingleKey('laptop', { random, clock });
const keys: KeyRing = {
  ...client.ring,
  verify: (presented) => owner.ring.verify(presented) ?? client.ring.verify(presented),
  endOf: () => undefined,
};
let certificate: PemPair;
let replica: ScriptedReplica;
let server: OpenGateway;

const origins = ['https://app.example'];
const openTo = (gateway: OpenGateway, pair: PemPair | 'none' = certificate) =>
  gateway.gateway.openNetwork({
    port: gateway.port,
    addresses: [address],
    hosts: ['mybox.local'],
    origins,
    certificate: pair === 'none' ? undefined : pair,
  });

beforeAll(async () => {
  const nowMs = Date.now();
  certificate = await makeCertificate([address, 'mybox.local'], {
    serial: random.bytes(16),
    fromMs: nowMs - 60_000,
    untilMs: nowMs + 86_400_000,
  });
  replica = createScriptedReplica();
  server = await openGateway(replica, { keys });
});
afterAll(() => server[Symbol.asyncDispose]());

const isRefused = async (host: string, port: number): Promise<boolean> => {
  const socket = connect(port, host);
  try {
    await once(socket, 'connect');
    return false;
  } catch {
    return true;
  } finally {
    socket.destroy();
  }
};

/** Status and body of a request over TLS with a head of one's own. */
const ask = async (headers: Record<string, string>, path = '/v1/models') => {
  const asked = request({
    host: address,
    port: server.port,
    path,
    headers,
    ca: certificate.certPem,
    servername: '',
  });
  asked.end();
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve).once('error', reject);
  });
  let body = '';
  for await (const chunk of reply) body += String(chunk);
  return { status: Number(reply.statusCode), headers: reply.headers, body };
};
const host = () => `${address}:${server.port}`;
const bearer = (secret = client.secret) => `Bearer ${secret}`;

const socketTo = (headers: Record<string, string>) =>
  new WebSocket(`wss://${host()}/v1/chat/completions`, {
    ca: certificate.certPem,
    headers: { authorization: bearer(), ...headers },
  }).on('error', () => undefined); // ended before it was open: the reply said why

describe('a server that nobody opened', () => {
  it('answers on both loopback addresses and refuses connections at every other address of this machine', async () => {
    expect(await isRefused('127.0.0.1', server.port)).toBe(false);
    // a machine without IPv6 has no ::1 to serve; this one says so itself
    const hasV6 = !(await isRefused('::1', server.port));
    if (hasV6) expect((await fetch(`http://[::1]:${server.port}/health`)).status).toBe(200);
    const others = [address, ...outerAddresses()];
    expect(await Promise.all(others.map((each) => isRefused(each, server.port)))).toEqual(
      others.map(() => true),
    );
  });
});

it('takes no port that another program has at ::1: what is meant for localhost would go there', async () => {
  const other = createServer().listen(0, '::1');
  try {
    await once(other, 'listening');
  } catch {
    return; // a machine without IPv6 has no second loopback address
  }
  const bound = other.address();
  const port = typeof bound === 'object' ? (bound?.port ?? 0) : 0;
  await expect(openGateway(createScriptedReplica(), { keys, port })).rejects.toMatchObject({
    code: 'app.port-in-use',
    message: `Port ${port} is taken at ::1.`,
  });
  expect(await isRefused('127.0.0.1', port)).toBe(true);
  other.close();
});

describe('a server that is open to the network with TLS', () => {
  beforeAll(async () => {
    const { urls } = await openTo(server);
    expect(urls).toEqual([`https://mybox.local:${server.port}/v1`, `https://${host()}/v1`]);
  });

  it('is believed by who has its certificate and by nobody else, and still answers this machine in clear', async () => {
    await expect(fetch(`https://${host()}/health`)).rejects.toThrow();
    expect((await ask({ host: host() }, '/health')).status).toBe(200);
    expect(
      (await server.fetch('/v1/models', undefined, { headers: { authorization: bearer() } })).status,
    ).toBe(200);
  });

  it("answers openai's client, whole and streamed", async () => {
    setDefaultCACertificates([...getCACertificates('default'), certificate.certPem]);
    const openai = new OpenAI({ baseURL: `https://${host()}/v1`, apiKey: client.secret, maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: 'Hi' }];
    const whole = openai.chat.completions.create({ model: 'demo', messages });
    const first = await replica.next();
    first.start(9, 3);
    first.say('Hello');
    first.finish();
    expect((await whole).choices[0]?.message.content).toBe('Hello');

    const streaming = openai.chat.completions.create({ model: 'demo', messages, stream: true });
    const second = await replica.next();
    second.start(9, 3);
    second.say('Hel');
    const pieces: string[] = [];
    for await (const chunk of await streaming) {
      const piece = chunk.choices[0]?.delta.content ?? '';
      pieces.push(piece);
      // the rest is said only once the first piece has come over the wire
      if (piece === 'Hel') {
        second.say('lo');
        second.finish();
      }
    }
    expect(pieces.join('')).toBe('Hello');
  });

  it('speaks TLS 1.2 and newer and HTTP/1.1 only, and cuts off who speaks neither', async () => {
    const at = { host: address, port: server.port, ca: certificate.certPem };
    const socket = connectTls({
      ...at,
      ALPNProtocols: ['h2', 'http/1.1'],
      checkServerIdentity: () => undefined,
    });
    await once(socket, 'secureConnect');
    expect([socket.alpnProtocol, socket.getProtocol()]).toEqual(['http/1.1', 'TLSv1.3']);
    socket.destroy();
    const old = connectTls({
      ...at,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    await expect(once(old, 'secureConnect')).rejects.toThrow();
    await expect(fetch(`http://${host()}/health`)).rejects.toThrow();
  });

  it('answers under the names it was given only, and says which flag adds one (DNS rebinding)', async () => {
    expect((await ask({ host: `mybox.local:${server.port}`, authorization: bearer() })).status).toBe(200);
    for (const foreign of [
      'evil.example',
      `evil.example:${server.port}`,
      'mybox.local',
      `127.0.0.1:${server.port}`,
      `localhost:${server.port}`,
    ]) {
      const reply = await ask({ host: foreign, authorization: bearer() });
      expect([foreign, reply.status]).toEqual([foreign, 403]);
      expect(reply.body).toContain('--host NAME');
    }
    const local = await server.fetch('/v1/models', undefined, {
      headers: { authorization: bearer(), host: 'mybox.local' },
    });
    expect(local.status).toBe(200); // fetch sets its own Host
  });

  it('lets in the web pages it was given only', async () => {
    const named = await ask({ host: host(), authorization: bearer(), origin: 'https://app.example' });
    expect([named.status, named.headers['access-control-allow-origin']]).toEqual([
      200,
      'https://app.example',
    ]);
    const foreign = await ask({ host: host(), authorization: bearer(), origin: 'https://evil.example' });
    expect([foreign.status, foreign.headers['access-control-allow-origin']]).toEqual([403, undefined]);
    expect(foreign.body).toContain('--origin');
  });

  it.each([{ host: 'evil.example' }, { origin: 'https://evil.example' }, { authorization: 'Bearer wrong' }])(
    'opens no WebSocket to %j',
    async (headers) => {
      const socket = socketTo(headers);
      const status = await new Promise((resolve) => {
        socket.once('unexpected-response', (_request, reply) => resolve(reply.statusCode));
      });
      expect(status).toBe('authorization' in headers ? 401 : 403);
      socket.terminate();
    },
  );

  it('streams over a WebSocket', async () => {
    const socket = socketTo({ origin: 'https://app.example' });
    const messages: string[] = [];
    socket.on('message', (data: Buffer) => messages.push(data.toString('utf8')));
    await once(socket, 'open');
    socket.send(JSON.stringify({ messages: [{ role: 'user', content: 'Hi' }] }));
    const generation = await replica.next();
    generation.start(9, 3);
    generation.say('Hello');
    await eventually(() => messages.some((text) => text.includes('"Hello"')));
    generation.finish();
    await eventually(() => messages.at(-1) === '[DONE]');
    socket.terminate();
  });

  it("does not take the owner's key, which this machine does", async () => {
    const reply = await ask({ host: host(), authorization: bearer(owner.secret) });
    expect([reply.status, reply.body]).toEqual([403, expect.stringContaining('insufficient_permissions')]);
    const local = await server.fetch('/v1/models', undefined, {
      headers: { authorization: bearer(owner.secret) },
    });
    expect(local.status).toBe(200);
  });

  it('gives one address no more than 128 connections', async () => {
    const sockets = Array.from({ length: 140 }, () => connect(server.port, address));
    let cut = 0;
    for (const socket of sockets) {
      socket.on('error', () => undefined); // a reset is how the surplus is told
      socket.on('close', () => {
        cut += 1;
      });
    }
    await eventually(() => cut >= 12);
    expect((await server.fetch('/health')).status).toBe(200);
    for (const socket of sockets) socket.destroy();
    await eventually(() => cut === 140);
    let status: number | undefined;
    while (status !== 200) {
      status = (await ask({ host: host() }, '/health').catch(() => undefined))?.status;
    }
  });

  it('shows a renewed certificate to those who come after it', async () => {
    const nowMs = Date.now();
    const next = await makeCertificate([address], {
      serial: random.bytes(16),
      fromMs: nowMs - 60_000,
      untilMs: nowMs + 86_400_000,
    });
    const { present } = await openTo(server);
    present(next);
    await expect(ask({ host: host() }, '/health')).rejects.toThrow();
    present(certificate);
    expect((await ask({ host: host() }, '/health')).status).toBe(200);
  });

  it('makes an address wait that had no good key ten times, and this machine not', async () => {
    const statuses: number[] = [];
    for (let each = 0; each < 12; each += 1)
      statuses.push((await ask({ host: host(), authorization: 'Bearer wrong' })).status);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(10);
    expect(statuses.at(-1)).toBe(429);
    const good = await ask({ host: host(), authorization: bearer() });
    expect([good.status, Number(good.headers['retry-after']) > 0]).toEqual([429, true]);
    expect(
      (await server.fetch('/v1/models', undefined, { headers: { authorization: bearer() } })).status,
    ).toBe(200);
    expect((await ask({ host: host() }, '/health')).status).toBe(200);
  });
});

it('closes to the network at once: its streams end, those of this machine go on', async () => {
  const own = createScriptedReplica();
  await using opened = await openGateway(own, { keys });
  await openTo(opened, 'none');
  const headers = { authorization: bearer(), 'content-type': 'application/json' };
  const start = async (base: string) => {
    const body = JSON.stringify({ stream: true, messages: [{ role: 'user', content: 'Hi' }] });
    const reply = fetch(`${base}/v1/chat/completions`, { method: 'POST', headers, body });
    const generation = await own.next();
    generation.start(9, 3);
    generation.say('Hel');
    return { reply: await reply, generation };
  };
  const outside = await start(`http://${address}:${opened.port}`);
  const inside = await start(`http://127.0.0.1:${opened.port}`);
  await opened.gateway.closeNetwork();
  await expect(outside.reply.text()).rejects.toThrow();
  expect(await isRefused(address, opened.port)).toBe(true);
  inside.generation.say('lo');
  inside.generation.finish();
  expect(await inside.reply.text()).toContain('[DONE]');
  await eventually(() => isIdle(opened));
});

it('opens at no address when it cannot open at all of them', async () => {
  await using opened = await openGateway(createScriptedReplica(), { keys });
  const taken = await openGateway(createScriptedReplica(), { keys });
  await using _ = taken;
  await openTo(taken);
  const failure = opened.gateway.openNetwork({
    port: taken.port,
    addresses: [address],
    hosts: [],
    origins: [],
    certificate,
  });
  await expect(failure).rejects.toMatchObject({ code: 'app.port-in-use' });
});
