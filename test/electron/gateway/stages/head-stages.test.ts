import { describe, expect, it } from 'vitest';
import type { RequestHead } from '../../../../electron/gateway/http-exchange.ts';
import { publicRoutes } from '../../../../electron/gateway/public-routes.ts';
import { authenticate } from '../../../../electron/gateway/stages/authenticate.ts';
import { authorize, authorizeModel } from '../../../../electron/gateway/stages/authorize.ts';
import { guard, loopbackPolicy } from '../../../../electron/gateway/stages/guard.ts';
import { createServedModel } from '../../../support/gateway-model.ts';
import { createPrincipal } from '../../../support/principal.ts';

const policy = loopbackPolicy(7842, { allowedOrigins: ['http://127.0.0.1:5173'], maxBodyBytes: 1000 });
const head = (headers: Record<string, string>, rest: Partial<RequestHead> = {}): RequestHead => ({
  method: 'POST',
  path: '/v1/chat/completions',
  hostCount: 1,
  caller: { reach: 'loopback' },
  ...rest,
  headers: { host: '127.0.0.1:7842', 'content-type': 'application/json', ...headers },
});

describe('guard', () => {
  it.each(['127.0.0.1:7842', 'localhost:7842', 'LOCALHOST:7842', '[::1]:7842'])(
    'lets the host %s in',
    (host) => {
      expect(guard(head({ host }), policy)).toEqual({ origin: undefined });
    },
  );

  it.each([
    'evil.example:7842',
    '127.0.0.1',
    'localhost:80',
    '127.0.0.1:7842.evil.example',
    '0.0.0.0:7842',
    '2130706433:7842',
    '',
  ])('keeps the host %j out, as DNS rebinding would send it', (host) => {
    expect(() => guard(head({ host }), policy)).toThrow(
      expect.objectContaining({ code: 'gateway.host-not-allowed' }),
    );
  });

  it('keeps a request with two hosts out', () => {
    expect(() => guard(head({}, { hostCount: 2 }), policy)).toThrow(/more than one Host/u);
  });

  it('lets named origins in and no other', () => {
    expect(guard(head({ origin: 'http://127.0.0.1:5173' }), policy)).toEqual({
      origin: 'http://127.0.0.1:5173',
    });
    for (const origin of ['null', 'http://127.0.0.1:7842', 'http://127.0.0.1:5173.evil.example', 'file://']) {
      expect(() => guard(head({ origin }), policy)).toThrow(
        expect.objectContaining({ code: 'gateway.origin-not-allowed' }),
      );
    }
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON;charset="UTF-8"'])(
    'takes a body of type %s',
    (type) => {
      expect(() => guard(head({ 'content-type': type }), policy)).not.toThrow();
    },
  );

  it.each([
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json, text/plain',
    'application/jsonp',
    'application/json; charset=utf-16',
  ])('refuses a body of type %j', (type) => {
    expect(() => guard(head({ 'content-type': type }), policy)).toThrow(
      expect.objectContaining({ code: 'gateway.unsupported-media-type' }),
    );
  });

  it('refuses compressed and announced oversize bodies', () => {
    expect(() => guard(head({ 'content-encoding': 'gzip' }), policy)).toThrow(/gzip/u);
    expect(() => guard(head({ 'content-length': '1001' }), policy)).toThrow(
      expect.objectContaining({ code: 'gateway.payload-too-large' }),
    );
  });
});

describe('authenticate', () => {
  const principal = createPrincipal();
  const verify = (key: string) => (key === 'good' ? principal : undefined);

  it.each<Record<string, string>>([
    { authorization: 'Bearer good' },
    { authorization: 'bearer   good ' },
    { 'x-api-key': 'good' },
    { authorization: 'Bearer good', 'x-api-key': 'good' },
    { 'sec-websocket-protocol': 'realtime, openai-insecure-api-key.good' },
  ])('takes a key from %j', (headers) => {
    expect(authenticate(head(headers), verify)).toBe(principal);
  });

  it.each<Record<string, string>>([
    {},
    { authorization: 'good' },
    { authorization: 'Basic good' },
    { authorization: 'Bearer ' },
    { authorization: 'Bearer bad' },
    { authorization: 'Bearer good good' },
    { authorization: 'Bearer bad', 'x-api-key': 'good' },
    { authorization: 'Bearer good', 'x-api-key': 'bad' },
    { 'x-api-key': 'good, good' },
    { 'sec-websocket-protocol': 'openai-insecure-api-key.bad' },
    { 'x-api-key': 'good', 'sec-websocket-protocol': 'openai-insecure-api-key.bad' },
    { authorization: 'Bearer good', 'sec-websocket-protocol': 'openai-insecure-api-key.' },
  ])('refuses %j', (headers) => {
    expect(() => authenticate(head(headers), verify)).toThrow(
      expect.objectContaining({ code: 'gateway.invalid-api-key' }),
    );
  });

  it('does not hash a key longer than any', () => {
    const seen: string[] = [];
    const spy = (key: string) => {
      seen.push(key);
      return undefined;
    };
    expect(() => authenticate(head({ 'x-api-key': 'x'.repeat(513) }), spy)).toThrow();
    expect(seen).toEqual([]);
  });
});

describe('authorize', () => {
  it.each(publicRoutes.filter(({ scope }) => scope !== 'public'))(
    'lets nobody use $path without its scope',
    (route) => {
      const withAll = createPrincipal({ role: 'owner' });
      expect(() => authorize(withAll, route)).not.toThrow();
      const without = { ...withAll, scopes: withAll.scopes.filter((scope) => scope !== route.scope) };
      expect(() => authorize(without, route)).toThrow(
        expect.objectContaining({ code: 'gateway.insufficient-permissions' }),
      );
    },
  );

  it('leaves open only what says whether it lives and can serve', () => {
    expect(publicRoutes.filter(({ scope }) => scope === 'public').map(({ path }) => path)).toEqual([
      '/health',
      '/ready',
    ]);
  });
});

it('lets a key ask the models it names, by id or by name, and no other', () => {
  const model = createServedModel({ id: 'demo-q4', name: 'Demo' });
  for (const models of [null, ['demo-q4'], ['Demo'], ['other', 'Demo']])
    expect(() => authorizeModel(createPrincipal({ models }), model)).not.toThrow();
  for (const models of [[], ['demo'], ['demo-q4-large']])
    expect(() => authorizeModel(createPrincipal({ models }), model)).toThrow(
      expect.objectContaining({ code: 'gateway.model-not-allowed', details: { param: 'model' } }),
    );
});
