import { once } from 'node:events';
import { createServer } from 'node:net';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hostActor } from '../../../electron/app/access/actor.ts';
import { startWebHost, type WebHost } from '../../../electron/web/web-host.ts';
import { contract } from '../../../shared/contract/index.ts';
import { errorTable } from '../../../shared/errors/table.ts';
import { startTestWebHost } from '../../support/contract-transports.ts';
import { createFakeLog } from '../../support/fake-log.ts';
import { makeHome, openApp, type OpenedApp } from '../../support/open-app.ts';
import { openRaw } from '../../support/raw-http.ts';
import { thrownBy } from '../../support/thrown-by.ts';

const scope = new AsyncDisposableStack();
let host: OpenedApp;
let web: WebHost;
beforeAll(async () => {
  const home = scope.use(await makeHome());
  host = scope.use(await openApp(home.path));
  web = scope.use(await startTestWebHost(host.app));
});
afterAll(() => scope.disposeAsync());

type Headers = Readonly<Record<string, string>>;

/** A request whose every header the test writes: fetch would correct some. */
const ask = async (requestLine: string, headers: Headers = {}) => {
  using connection = await openRaw(web.port);
  const all: Headers = { host: `127.0.0.1:${web.port}`, ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  // HTTP/1.0 gets its answer in one piece; an upgrade needs 1.1
  const version = 'upgrade' in headers ? '1.1' : '1.0';
  connection.send(`${[`${requestLine} HTTP/${version}`, ...lines].join('\r\n')}\r\n\r\n`);
  const text = await connection.ended();
  const [head = '', ...body] = text.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head: head.toLowerCase(), body: body.join('\r\n\r\n') };
};

const bearer = (): Headers => ({ authorization: `Bearer ${web.token}` });
const codeOf = (body: string): string => z.object({ code: z.string() }).parse(JSON.parse(body)).code;

describe('the web host', () => {
  it('refuses a Host that is not its own, on pages and on the contract', async () => {
    const answers = [
      await ask('GET /', { host: 'evil.example' }),
      await ask('GET /', { host: `evil.example:${web.port}` }),
      await ask('GET /api/app', { host: '127.0.0.1:1', ...bearer() }),
    ];

    expect(answers.map(({ status, body }) => [status, codeOf(body)])).toEqual([
      [403, 'gateway.host-not-allowed'],
      [403, 'gateway.host-not-allowed'],
      [403, 'gateway.host-not-allowed'],
    ]);
  });

  it('refuses a page of another origin even with the token', async () => {
    const { status, body } = await ask('POST /api/server/stop', {
      origin: 'http://evil.example',
      ...bearer(),
    });

    expect([status, codeOf(body)]).toEqual([403, 'gateway.origin-not-allowed']);
  });

  it('answers the contract only with its token, and says where that is', async () => {
    const none = await ask('POST /api/server/stop');
    const wrong = await ask('GET /api/app', { authorization: 'Bearer wrong' });
    const right = await ask('GET /api/app', bearer());

    expect([none.status, codeOf(none.body), wrong.status, right.status]).toEqual([
      401,
      'app.unauthorized',
      401,
      200,
    ]);
    expect(none.body).toContain('Authorization: Bearer');
  });

  it('sends the screens with a policy that lets nothing foreign in', async () => {
    const { status, head, body } = await ask('GET /');

    expect(status).toBe(200);
    expect(body).toContain('<title>Dyno</title>');
    expect(head).toContain("content-security-policy: default-src 'none'");
    expect(head).toContain("frame-ancestors 'none'");
    expect(head).toContain('x-content-type-options: nosniff');
    expect(head).toContain('referrer-policy: no-referrer');
  });

  it('never sends a file outside the screens', async () => {
    const paths = [
      '/../open-app.ts',
      '/assets/../../open-app.ts',
      '/%2e%2e/open-app.ts',
      '/..%2fopen-app.ts',
      '/assets/..\\..\\open-app.ts',
      '//etc/passwd',
    ];
    const answers = await Promise.all(paths.map((path) => ask(`GET ${path}`)));

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
  });

  it('answers odd requests with what is wrong with them', async () => {
    const answers = [
      await ask('POST /'),
      await ask('GET http://[', bearer()),
      await ask('GET /api/nothing', bearer()),
      await ask('DELETE /api/models', bearer()),
    ];

    expect(answers.map(({ status }) => status)).toEqual([405, 400, 404, 404]);
  });

  it('reads a flag of the query as what it says', async () => {
    const { status, body } = await ask('GET /api/hardware?refresh=maybe', bearer());

    expect([status, body.includes('refresh')]).toEqual([400, true]);
  });

  it('makes no key of a wish it understands in part only', async () => {
    const wish = async (body: object) => {
      const headers = { ...bearer(), 'content-type': 'application/json' };
      const url = `http://127.0.0.1:${web.port}/api/keys`;
      const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: reply.status, body: await reply.text() };
    };
    const answers = [
      await wish({ name: 'held', role: 'developer', rpm: 10 }),
      await wish({ name: 'held', role: 'developer', limits: { rpm: 10 } }),
      await wish({ name: 'held', modelLimits: { 'any-model': { rpm: 10 } } }),
    ];
    const issues = z.object({
      data: z.object({ details: z.object({ issues: z.array(z.object({ field: z.string() })) }) }),
    });
    const fields = answers.map(({ body }) => issues.parse(JSON.parse(body)).data.details.issues);

    expect(answers.map(({ status, body }) => [status, codeOf(body)])).toEqual([
      [400, 'app.bad-input'],
      [400, 'app.bad-input'],
      [400, 'app.bad-input'],
    ]);
    expect(fields.flat()).toEqual([
      { field: 'rpm' },
      { field: 'limits.rpm' },
      { field: 'modelLimits.any-model.rpm' },
    ]);
    expect((await ask('GET /api/keys', bearer())).body).not.toContain('"held"');
    expect((await ask('GET /api/keys?tenant=default', bearer())).status).toBe(400);
  });

  it('opens a WebSocket for its own page and token only', async () => {
    const upgrade = (headers: Headers, path = '/rpc') =>
      ask(`GET ${path}`, {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        'sec-websocket-protocol': `dyno, dyno.token.${web.token}`,
        ...headers,
      });
    const refused = [
      await upgrade({ origin: 'http://evil.example' }),
      await upgrade({ host: 'evil.example' }),
      await upgrade({ 'sec-websocket-protocol': 'dyno, dyno.token.wrong' }),
      await upgrade({ 'sec-websocket-protocol': 'dyno' }),
      await upgrade({}, '/other'),
    ];

    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    const socket = new WebSocket(`ws://127.0.0.1:${web.port}/rpc`, ['dyno', `dyno.token.${web.token}`]);
    await once(socket, 'open');
    expect(socket.protocol).toBe('dyno'); // the token is not echoed
    socket.close();
  });

  it('lets an API key in as far as its role goes, by every carrier, and out when it is revoked', async () => {
    const client = createRouterClient(host.app.router, { context: { actor: hostActor } });
    const { secret, key } = await client.keys.create({ name: 'auditor', role: 'auditor' });
    const carriers: readonly Headers[] = [{ authorization: `Bearer ${secret}` }, { 'x-api-key': secret }];
    const statuses = async (path: string) =>
      Promise.all(carriers.map(async (headers) => (await ask(path, headers)).status));
    expect(await statuses('GET /api/keys')).toEqual([200, 200]);
    expect(await statuses('GET /api/server/api-key')).toEqual([403, 403]);
    expect((await ask(`GET /api/keys?token=${secret}`)).status).toBe(401);
    expect((await ask('GET /api/keys', { 'x-api-key': secret, ...bearer() })).status).toBe(401);

    const socket = new WebSocket(`ws://127.0.0.1:${web.port}/rpc`, ['dyno', `dyno.key.${secret}`]);
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await client.keys.revoke({ id: key.id });
    await closed;
    expect(await statuses('GET /api/keys')).toEqual([401, 401]);
  });

  it('says that its port is taken', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = z.object({ port: z.number() }).parse(other.address());
    const error = await thrownBy(() =>
      startWebHost({
        router: host.app.router,
        keys: host.app.keys,
        rendererFolder: '/nowhere',
        port: address.port,
        version: '0',
        log: createFakeLog(),
      }),
    );
    other.close();

    expect([error.code, error.hint]).toEqual([
      'app.port-in-use',
      'Choose another with --port, or close the other program.',
    ]);
  });
});

/** What the test reads of a procedure: its route and nothing else. */
const procedureSchema = z.object({
  '~orpc': z.object({ route: z.object({ method: z.string(), path: z.string() }) }),
});

const documentSchema = z.object({
  openapi: z.string(),
  info: z.object({ title: z.string(), version: z.string() }),
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ operationId: z.string(), responses: z.record(z.string(), z.unknown()) })),
  ),
  components: z.record(z.string(), z.record(z.string(), z.unknown())),
});

describe('the OpenAPI document', () => {
  const read = async () => {
    const { body } = await ask('GET /api/openapi.json', bearer());
    return { text: body, document: documentSchema.parse(JSON.parse(body)) };
  };

  it('is of version 3.1 and lists every procedure of the contract once', async () => {
    const { document } = await read();
    const procedures = Object.values(contract)
      .flatMap((feature): unknown[] => Object.values(feature))
      .map((procedure) => procedureSchema.parse(procedure)['~orpc'].route);
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => ({ method, path, operationId })),
    );

    expect(document.openapi).toMatch(/^3\.1\./);
    expect(operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`).toSorted()).toEqual(
      procedures.map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(procedures.length);
  });

  it('names every error code at every procedure, each under its status', async () => {
    const { document } = await read();
    for (const methods of Object.values(document.paths)) {
      for (const { responses } of Object.values(methods)) {
        const missing = Object.entries(errorTable).filter(
          ([code, { http }]) => !JSON.stringify(responses[String(http)] ?? '').includes(`"${code}"`),
        );
        expect(missing).toEqual([]);
      }
    }
  });

  it('refers to nothing that is not in it', async () => {
    const { text } = await read();
    const whole: unknown = JSON.parse(text);
    const lookUp = (pointer: string): unknown =>
      pointer
        .slice(2)
        .split('/')
        .reduce<unknown>(
          (at, key) =>
            typeof at === 'object' && at !== null
              ? Object.entries(at).find(([k]) => k === key)?.[1]
              : undefined,
          whole,
        );
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, pointer]) => pointer ?? '');

    expect(references.filter((pointer) => lookUp(pointer) === undefined)).toEqual([]);
  });
});
