import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNodeOutbound } from '../../../electron/platform/node/outbound.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { thrownBy } from '../../support/thrown-by.ts';

/** Stands for an address out in the world: a server of this test listens there. */
const outside = '127.0.0.1';
const inside = '127.0.0.2';

let reply: { readonly status: number; readonly location?: string; readonly text?: string } = { status: 200 };
const heard: { readonly path: string; readonly host: string | undefined; readonly method: string }[] = [];
const server = createServer((request: IncomingMessage, response) => {
  heard.push({ path: request.url ?? '', host: request.headers.host, method: request.method ?? '' });
  const isFirst = request.url === '/hook';
  request.resume().on('end', () => {
    response.writeHead(
      isFirst ? reply.status : 200,
      isFirst && reply.location ? { location: reply.location } : {},
    );
    response.end(reply.text ?? 'ok');
  });
});
let port = 0;
beforeEach(async () => {
  heard.length = 0;
  reply = { status: 200 };
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const wish = (given: object = {}) => ({
  headers: { 'content-type': 'application/json' },
  body: '{}',
  allowsPrivate: false,
  signal: new AbortController().signal,
  ...given,
});
const names: Record<string, readonly string[]> = {
  'hook.example': [outside],
  'mixed.example': [outside, inside],
  'inside.example': [inside],
};
const asked: string[] = [];
/** A world in which one loopback address is out there, and all else is what it is. */
const world = (resolve = (host: string) => names[host] ?? []) => {
  asked.length = 0;
  return createNodeOutbound({
    resolve: (host) => {
      asked.push(host);
      return Promise.resolve(resolve(host).map((address) => ({ address, family: 4 })));
    },
    reachOf: (address) => (address === outside ? 'public' : 'private'),
  });
};
const codeOf = async (act: () => Promise<unknown>) => (await thrownBy(act)).code;

it('posts, and tells the status and what was said', async () => {
  expect(await world().post(`http://hook.example:${port}/hook`, wish())).toEqual({ status: 200, text: 'ok' });
  expect(heard).toEqual([{ path: '/hook', host: `hook.example:${port}`, method: 'POST' }]);
});

it('opens the socket to the address it looked at, whatever the name says a moment later', async () => {
  let turn = 0;
  const rebinding = () => [(turn += 1) === 1 ? outside : inside];
  await world(rebinding).post(`http://hook.example:${port}/hook`, wish());
  expect([asked, heard.length]).toEqual([['hook.example'], 1]);
});

it('refuses a name when any of its addresses is private', async () => {
  expect(await codeOf(() => world().post(`http://mixed.example:${port}/hook`, wish()))).toBe(
    'outbound.address-not-allowed',
  );
  expect(heard).toEqual([]);
});

describe('a redirect', () => {
  it('goes through the same door: an address behind it is looked at again', async () => {
    for (const location of [
      `http://${inside}:${port}/secret`,
      `http://inside.example:${port}/secret`,
      `http://2130706434:${port}/secret`,
      `file:///etc/passwd`,
    ]) {
      reply = { status: 307, location };
      const code = await codeOf(() => world().post(`http://hook.example:${port}/hook`, wish()));
      expect(code).toBe('outbound.address-not-allowed');
    }
    expect(heard.map(({ path }) => path)).toEqual(['/hook', '/hook', '/hook', '/hook']);
  });

  it('is followed with its body where it may be, and never turned into a GET', async () => {
    reply = { status: 308, location: '/next' };
    expect((await world().post(`http://hook.example:${port}/hook`, wish())).status).toBe(200);
    reply = { status: 302, location: '/next' };
    expect((await world().post(`http://hook.example:${port}/hook`, wish())).status).toBe(302);
    expect(heard.map(({ path, method }) => `${method} ${path}`)).toEqual([
      'POST /hook',
      'POST /next',
      'POST /hook',
    ]);
  });

  it('ends after three', async () => {
    reply = { status: 307, location: '/hook' };
    expect(await codeOf(() => world().post(`http://hook.example:${port}/hook`, wish()))).toBe(
      'outbound.failed',
    );
    expect(heard).toHaveLength(4);
  });
});

it.each([
  ['a number', (at: number) => `http://2130706433:${at}/hook`],
  ['a hexadecimal number', (at: number) => `http://0x7f000001:${at}/hook`],
  ['octal parts', (at: number) => `http://0177.0.0.1:${at}/hook`],
  ['fewer parts', (at: number) => `http://127.1:${at}/hook`],
  ['full-width digits', (at: number) => `http://１２７.０.０.１:${at}/hook`],
  ['percent-encoded digits', (at: number) => `http://%31%32%37.0.0.1:${at}/hook`],
  ['mapped IPv6', (at: number) => `http://[::ffff:127.0.0.1]:${at}/hook`],
  ['mapped IPv6 in hexadecimal', (at: number) => `http://[::ffff:7f00:1]:${at}/hook`],
  ['IPv6 loopback', (at: number) => `http://[::1]:${at}/hook`],
  ['localhost with a dot', (at: number) => `http://localhost.:${at}/hook`],
  ['localhost', (at: number) => `http://LOCALHOST:${at}/hook`],
  ['a name before the @', (at: number) => `http://example.org@127.0.0.1:${at}/hook`],
  ['any address', (at: number) => `http://0:${at}/hook`],
  ['metadata of clouds', () => 'http://169.254.169.254/latest/meta-data'],
  ['another scheme', () => 'file:///etc/passwd'],
  ['no address', () => 'hook'],
])('refuses this machine, spelled as %s', async (_name, spell) => {
  expect(await codeOf(() => createNodeOutbound().post(spell(port), wish()))).toBe(
    'outbound.address-not-allowed',
  );
  expect(heard).toEqual([]);
});

it('asks addresses of the own network where that is meant, and those of no host never', async () => {
  const outbound = createNodeOutbound();
  const meant = wish({ allowsPrivate: true });
  expect((await outbound.post(`http://127.0.0.1:${port}/hook`, meant)).status).toBe(200);
  for (const host of ['169.254.169.254', '0.0.0.0', '[fe80::1]', '[::ffff:169.254.169.254]']) {
    expect(await codeOf(() => outbound.post(`http://${host}:${port}/hook`, meant))).toBe(
      'outbound.address-not-allowed',
    );
  }
});

it('asks no address with a name or a password in it, wherever it is', async () => {
  for (const before of ['name', 'name:secret', ':secret']) {
    expect(await codeOf(() => world().post(`http://${before}@hook.example:${port}/hook`, wish()))).toBe(
      'outbound.address-not-allowed',
    );
  }
  expect([heard, asked]).toEqual([[], []]);
});

it('says what stopped it: nobody there, no such name, the caller', async () => {
  const signal = AbortSignal.abort(new AppError('app.cancelled'));
  expect(await codeOf(() => world().post(`http://hook.example:1/hook`, wish()))).toBe('outbound.failed');
  expect(await codeOf(() => world().post(`http://nobody.example:${port}/hook`, wish()))).toBe(
    'outbound.failed',
  );
  expect(await codeOf(() => world().post(`http://hook.example:${port}/hook`, wish({ signal })))).toBe(
    'app.cancelled',
  );
});

it('reads 64 KiB of a reply and no more, whatever it says', async () => {
  const url = `http://hook.example:${port}/hook`;
  const most = 65_536;
  reply = { status: 200, text: 'x'.repeat(most) };
  expect((await world().post(url, wish())).text).toHaveLength(most);
  reply = { status: 200, text: 'x'.repeat(64 * most) };
  const { status, text } = await world().post(url, wish());
  expect(status).toBe(200);
  expect(text.length).toBeLessThanOrEqual(most);
});

it('does not wait for a resolver that nobody waits for any more', async () => {
  const outbound = createNodeOutbound({ resolve: () => Promise.withResolvers<never>().promise });
  const leave = new AbortController();
  const asking = outbound.post('https://hook.example/', wish({ signal: leave.signal }));
  leave.abort(new AppError('app.cancelled'));
  expect((await thrownBy(() => asking)).code).toBe('app.cancelled');
});
