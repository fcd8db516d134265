import { describe, expect, it } from 'vitest';
import { isOwnUrl, isPermitted, isSafeExternal, isTrusted } from '../../../electron/shell/own-origin.ts';

describe('pages of ours', () => {
  it.each([
    ['app://dyno', true],
    ['app://dyno/', true],
    ['app://dyno/#/models', true],
    ['app://dyno.evil/', false],
    ['app://other/', false],
    ['https://dyno/', false],
    ['file:///app://dyno/', false],
    ['data:text/html,app://dyno/', false],
    ['', false],
  ])('%s: %s', (url, isOwn) => {
    expect(isOwnUrl(url)).toBe(isOwn);
  });
});

describe('links handed to the system', () => {
  it.each([
    ['https://example.invalid/model', true],
    ['http://example.invalid/', false],
    ['file:///etc/passwd', false],
    ['javascript:alert(1)', false],
    ['ms-settings:privacy', false],
    ['not an address', false],
  ])('%s: %s', (url, isSafe) => {
    expect(isSafeExternal(url)).toBe(isSafe);
  });
});

describe('permissions', () => {
  it('are the clipboard, for pages of ours', () => {
    const asked = [
      isPermitted('clipboard-sanitized-write', 'app://dyno/'),
      isPermitted('clipboard-sanitized-write', 'https://example.invalid/'),
      isPermitted('clipboard-read', 'app://dyno/'),
      isPermitted('media', 'app://dyno/'),
    ];
    expect(asked).toEqual([true, false, false, false]);
  });
});

describe('who may have the contract', () => {
  const sender = { isDestroyed: () => false };
  const top = { url: 'app://dyno/', parent: null };

  it('the top frame of a living window with a page of ours', () => {
    expect(isTrusted({ sender, senderFrame: top })).toBe(true);
  });

  it.each([
    ['a frame that is gone', { sender, senderFrame: null }],
    ['a frame inside a page', { sender, senderFrame: { ...top, parent: top } }],
    ['a foreign page', { sender, senderFrame: { ...top, url: 'https://example.invalid/' } }],
    ['a window that is gone', { sender: { isDestroyed: () => true }, senderFrame: top }],
  ])('not %s', (_who, asker) => {
    expect(isTrusted(asker)).toBe(false);
  });
});
