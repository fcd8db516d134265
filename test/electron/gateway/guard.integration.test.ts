import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorReplySchema } from '../../../electron/gateway/openai/reply-schemas.ts';
import { openGateway, type OpenGateway } from '../../support/open-gateway.ts';
import { openRaw } from '../../support/raw-http.ts';
import { createScriptedReplica } from '../../support/scripted-replica.ts';

const replica = createScriptedReplica();
let server: OpenGateway;
beforeAll(async () => {
  server = await openGateway(replica, { allowedOrigins: ['http://127.0.0.1:5173'] });
});
afterAll(() => server[Symbol.asyncDispose]());

/** Sends the lines of a head and `body` as they are; gives status, head and body of the reply. */
const exchange = async (lines: readonly string[], body = '') => {
  using connection = await openRaw(server.port);
  connection.send(`${lines.join('\r\n')}\r\n\r\n${body}`);
  return await connection.reply();
};
const codeOf = (body: string) => errorReplySchema.parse(JSON.parse(body)).error.code;

const host = () => `Host: 127.0.0.1:${server.port}`;
const key = () => `Authorization: Bearer ${server.apiKey}`;
const post = (...extra: readonly string[]) => ['POST /v1/chat/completions HTTP/1.1', ...extra];
const json = 'Content-Type: application/json';

describe('the door of the server', () => {
  it.each(['/health', '/v1/models', '/nowhere'])(
    'answers %s under its own names only (DNS rebinding)',
    async (path) => {
      for (const foreign of [
        'Host: evil.example',
        `Host: evil.example:${server.port}`,
        'Host: ',
        'X-Forwarded-Host: localhost',
      ]) {
        const reply = await exchange([`GET ${path} HTTP/1.1`, foreign, key()]);
        expect([reply.status, codeOf(reply.body)]).toEqual([403, 'host_not_allowed']);
      }
    },
  );

  it('refuses a second credential in the same header, whatever the first is', async () => {
    const other = 'Authorization: Bearer dyno_another';
    for (const lines of [
      [key(), other],
      [other, key()],
      [key(), 'X-Api-Key: a', 'X-Api-Key: b'],
    ]) {
      const reply = await exchange(['GET /v1/models HTTP/1.1', host(), ...lines]);
      expect([reply.status, codeOf(reply.body)]).toEqual([401, 'invalid_api_key']);
    }
  });

  it('answers in HTTP/1.1 who would rather speak HTTP/2, as Java does with every request', async () => {
    const offer = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'];
    const read = await exchange(['GET /v1/models HTTP/1.1', host(), key(), ...offer]);
    expect([read.status, JSON.parse(read.body)]).toEqual([200, expect.objectContaining({ object: 'list' })]);
    const asked = await exchange([...post(host(), key(), json, ...offer), 'Content-Length: 2'], '{}');
    expect([asked.status, codeOf(asked.body)]).toEqual([400, 'invalid_value']);
  });

  it('asks for the body of a client that waits only when its key is good, and knows no other expectation', async () => {
    const waits = [json, 'Content-Length: 2', 'Expect: 100-continue'];
    using stranger = await openRaw(server.port);
    stranger.send([...post(host(), ...waits), '', ''].join('\r\n'));
    expect((await stranger.reply()).status).toBe(401);
    using known = await openRaw(server.port);
    known.send([...post(host(), key(), ...waits), '', ''].join('\r\n'));
    expect(await known.until('\r\n\r\n')).toContain('100 Continue');
    known.send('{}');
    expect(await known.until('invalid_value')).toContain('400 Bad Request');
    const odd = await exchange([...post(host(), key(), json), 'Content-Length: 2', 'Expect: magic'], '{}');
    expect([odd.status, codeOf(odd.body)]).toEqual([400, 'invalid_value']);
  });

  it('says the id of every reply, of opened and of broken WebSockets as well', async () => {
    const upgrade = [
      'GET /v1/responses HTTP/1.1',
      host(),
      key(),
      'Connection: Upgrade',
      'Upgrade: websocket',
    ];
    const nonce = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    using opened = await openRaw(server.port);
    opened.send([...upgrade, nonce, 'Sec-WebSocket-Version: 13', '', ''].join('\r\n'));
    expect(await opened.until('\r\n\r\n')).toMatch(/^HTTP\/1.1 101 [^]*x-request-id: req_/u);
    for (const lines of [['Sec-WebSocket-Version: 13'], [nonce, 'Sec-WebSocket-Version: 7']]) {
      const broken = await exchange([...upgrade, ...lines]);
      expect([broken.status, codeOf(broken.body)]).toEqual([400, 'invalid_value']);
      expect(broken.head).toContain('x-request-id: req_');
    }
  });

  it('refuses a second Host header and an address with a host of its own', async () => {
    const twice = await exchange(['GET /health HTTP/1.1', host(), 'Host: evil.example']);
    expect(twice.status).toBe(403);
    const absolute = await exchange(['GET http://evil.example/v1/models HTTP/1.1', host(), key()]);
    expect(absolute.status).toBe(404);
  });

  it('lets no web page in but the named ones, and answers the preflight of those', async () => {
    const foreign = await exchange(['GET /v1/models HTTP/1.1', host(), key(), 'Origin: http://evil.example']);
    expect([foreign.status, codeOf(foreign.body)]).toEqual([403, 'origin_not_allowed']);
    expect(foreign.head).not.toContain('access-control');

    const own = await exchange(['GET /v1/models HTTP/1.1', host(), key(), 'Origin: http://127.0.0.1:5173']);
    expect(own.head).toContain('access-control-allow-origin: http://127.0.0.1:5173');
    using connection = await openRaw(server.port);
    const asks = 'Access-Control-Request-Headers: Authorization, X-Stainless-OS, X-Forwarded-For';
    connection.send(
      ['OPTIONS /v1/chat/completions HTTP/1.1', host(), 'Origin: http://127.0.0.1:5173', asks, '', ''].join(
        '\r\n',
      ),
    );
    const preflight = await connection.until('\r\n\r\n');
    expect(preflight).toContain('204 No Content');
    expect(/access-control-allow-headers: (.*)/u.exec(preflight)?.[1]).toMatch(
      /authorization.*x-stainless-os$/u,
    );
    expect(/access-control-expose-headers: (.*)/u.exec(preflight)?.[1]).toContain('x-dyno-degraded');
  });

  it('wants a key on every address but /health', async () => {
    expect((await exchange(['GET /health HTTP/1.1', host()])).status).toBe(200);
    for (const lines of [
      ['GET /v1/models HTTP/1.1'],
      ['GET /v1/models/demo HTTP/1.1'],
      post(json, 'Content-Length: 2'),
    ]) {
      const reply = await exchange([...lines, host()], '{}');
      expect([reply.status, codeOf(reply.body)]).toEqual([401, 'invalid_api_key']);
      expect(reply.head).toContain('www-authenticate: bearer');
      expect(reply.head).toContain('x-request-id: req_');
    }
  });

  it('answers HEAD without a body', async () => {
    const reply = await fetch(`http://127.0.0.1:${server.port}/health`, { method: 'HEAD' });
    expect([reply.status, await reply.text()]).toEqual([200, '']);
  });

  it('never reads a key from the address', async () => {
    const reply = await exchange([
      `GET /v1/models?api_key=${server.apiKey}&key=${server.apiKey} HTTP/1.1`,
      host(),
    ]);
    expect(reply.status).toBe(401);
  });

  it('refuses a large body without a key before it is sent', async () => {
    using connection = await openRaw(server.port);
    connection.send([...post(host(), json, 'Content-Length: 4000000'), '', '{"messages":'].join('\r\n'));
    expect(await connection.until('}}')).toContain('401 Unauthorized');
  });

  it('stops reading what nobody asked for', async () => {
    using connection = await openRaw(server.port);
    connection.send([...post(host(), json, 'Transfer-Encoding: chunked'), '', ''].join('\r\n'));
    await connection.until('}}');
    const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
    for (let each = 0; each < 8; each += 1) connection.send(chunk);
    expect(await connection.ended()).toContain('401 Unauthorized');
  });

  it.each([
    ['announced', 'Content-Length: 4194305', ''],
    ['found while reading', 'Transfer-Encoding: chunked', `500000\r\n${'x'.repeat(0x500000)}\r\n0\r\n\r\n`],
  ])('refuses a body over 4 MiB, %s', async (_, length, body) => {
    const reply = await exchange(post(host(), key(), json, length), body);
    expect([reply.status, codeOf(reply.body)]).toEqual([413, 'payload_too_large']);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'refuses %s, which a web form can send across origins',
    async (type) => {
      const reply = await exchange(post(host(), key(), `Content-Type: ${type}`, 'Content-Length: 2'), '{}');
      expect([reply.status, codeOf(reply.body)]).toEqual([415, 'unsupported_media_type']);
    },
  );

  it.each(['{', '[]', '{"__proto__":{"a":1},"messages":[]}', '{"messages":'.padEnd(200, '[')])(
    'answers 400 invalid_json to %s',
    async (body) => {
      const reply = await exchange(post(host(), key(), json, `Content-Length: ${body.length}`), body);
      expect([reply.status, codeOf(reply.body)]).toEqual([400, 'invalid_json']);
    },
  );

  it.each([
    ['GET /v1/nowhere HTTP/1.1', 404, 'not_found'],
    ['GET / HTTP/1.1', 404, 'not_found'],
    ['GET /v1/chat/completions HTTP/1.1', 405, 'method_not_allowed'],
    ['DELETE /v1/models HTTP/1.1', 405, 'method_not_allowed'],
    ['OPTIONS /v1/models HTTP/1.1', 405, 'method_not_allowed'],
    ['PROPFIND /v1/models HTTP/1.1', 405, 'method_not_allowed'],
    ['GET /v1/models/nothing HTTP/1.1', 404, 'model_not_found'],
    ['GET /v1/models/%zz HTTP/1.1', 404, 'model_not_found'],
  ])('answers %s with %i %s', async (line, status, code) => {
    const reply = await exchange([line, host(), key()]);
    expect([reply.status, codeOf(reply.body)]).toEqual([status, code]);
    expect(reply.head).toContain('x-request-id: req_');
  });

  it('answers what is no HTTP in the same form', async () => {
    const garbage = await exchange(['HELLO']);
    expect([garbage.status, codeOf(garbage.body)]).toEqual([400, 'invalid_value']);
    const huge = await exchange(['GET /health HTTP/1.1', host(), `X-Filler: ${'x'.repeat(20_000)}`]);
    expect(huge.status).toBe(431);
  });

  it('answers it on a connection that was in use before as well, and never in the middle of a reply', async () => {
    using used = await openRaw(server.port);
    used.send(`GET /health HTTP/1.1\r\n${host()}\r\n\r\n`);
    await used.until('is_ready');
    used.send(`GET /health HTTP/1.1\r\n${host()}\r\nX-Filler: ${'x'.repeat(20_000)}\r\n\r\n`);
    const second = (await used.ended()).split('HTTP/1.1 ').at(-1);
    expect(second).toMatch(/^431 [^]*x-request-id: req_/u);

    using busy = await openRaw(server.port);
    const body = JSON.stringify({ messages: [{ role: 'user', content: 'Hi' }], stream: true });
    busy.send([...post(host(), key(), json, `Content-Length: ${body.length}`), '', body].join('\r\n'));
    const generation = await replica.next();
    generation.start();
    generation.say('Hello');
    await busy.until('Hello');
    busy.send('HELLO\r\n\r\n');
    expect((await busy.ended()).match(/HTTP\/1\.1/gu)).toHaveLength(1);
  });

  it('lists its model and finds it by id and by name', async () => {
    const model = {
      id: 'demo',
      object: 'model',
      created: 1_700_000_000,
      owned_by: 'dyno',
      name: 'Demo',
      quantization: 'F16',
      context_length: 1024,
      is_ready: true,
      ranking: 'no',
    };
    expect(await (await server.fetch('/v1/models')).json()).toEqual({ object: 'list', data: [model] });
    expect(await (await server.fetch('/v1/models/demo')).json()).toEqual(model);
    expect(await (await server.fetch('/v1/models/Demo')).json()).toEqual(model);
  });
});
