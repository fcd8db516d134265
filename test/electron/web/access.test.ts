import { describe, expect, it } from 'vitest';
import { isOwnHost, isOwnOrigin, isToken, secretsOfSubprotocol } from '../../../electron/web/access.ts';
import { fileFor } from '../../../electron/web/static.ts';

describe('who may use the browser mode', () => {
  it('answers for loopback names with its own port only', () => {
    const hosts = [
      '127.0.0.1:7843',
      'localhost:7843',
      '[::1]:7843',
      'evil.example:7843',
      '127.0.0.1:80',
      '127.0.0.1',
      undefined,
    ];

    expect(hosts.map((host) => isOwnHost(host, 7843))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('refuses pages of other origins', () => {
    const origins = [
      undefined,
      'http://127.0.0.1:7843',
      'https://127.0.0.1:7843',
      'http://evil.example',
      'null',
    ];

    expect(origins.map((origin) => isOwnOrigin(origin, 7843))).toEqual([true, true, false, false, false]);
  });

  it('takes the whole token and nothing else', () => {
    expect([isToken('secret', 'secret'), isToken('secre', 'secret'), isToken(undefined, 'secret')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('reads the token from the WebSocket subprotocols', () => {
    expect(secretsOfSubprotocol('dyno, dyno.token.abc, dyno.key.x_y')).toEqual(['abc', 'x_y']);
    expect(secretsOfSubprotocol('dyno')).toEqual([]);
    expect(secretsOfSubprotocol(undefined)).toEqual([]);
  });
});

describe('files of the renderer', () => {
  it('never leave its folder', () => {
    const paths = ['/', '/assets/a.js', '/../secret', '/assets/../../secret', '/%2e%2e/secret', '/a\0b'];

    expect(paths.map((path) => fileFor('/srv/out', path))).toEqual([
      '/srv/out/index.html',
      '/srv/out/assets/a.js',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
