import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askForDesktop, explainExit } from '../../../electron/cli/desktop-launch.ts';
import { fetchElectron } from '../../../electron/cli/fetch-electron.ts';

let root: string;
let electron: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dyno-launch-'));
  electron = join(root, 'node_modules', 'electron');
  await mkdir(join(electron, 'dist'), { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const display = { DISPLAY: ':0' };

describe('whether a window can be opened', () => {
  it('not without a display', () => {
    expect(askForDesktop({ root, env: {}, platform: 'linux' })).toEqual({
      type: 'impossible',
      reason: 'there is no display (DISPLAY and WAYLAND_DISPLAY are not set)',
    });
  });

  it('not without the electron package', () => {
    expect(askForDesktop({ root, env: display, platform: 'linux' })).toEqual({
      type: 'impossible',
      reason: 'the electron package is not installed',
    });
  });

  it('not yet where the package has no executable', async () => {
    await writeFile(join(electron, 'install.js'), '');
    expect(askForDesktop({ root, env: display, platform: 'linux' })).toEqual({ type: 'missing' });
  });

  it('with the fetched executable, also on Wayland', async () => {
    await writeFile(join(electron, 'path.txt'), 'electron');
    await writeFile(join(electron, 'dist', 'electron'), '');
    expect(askForDesktop({ root, env: { WAYLAND_DISPLAY: 'wayland-0' }, platform: 'linux' })).toEqual({
      type: 'ready',
      executable: join(electron, 'dist', 'electron'),
    });
  });

  it('with an executable from elsewhere before the own one', async () => {
    const elsewhere = join(root, 'elsewhere');
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, 'electron'), '');
    await writeFile(join(electron, 'dist', 'electron'), '');
    const env = { ...display, ELECTRON_OVERRIDE_DIST_PATH: elsewhere };
    expect(askForDesktop({ root, env, platform: 'linux' })).toEqual({
      type: 'ready',
      executable: join(elsewhere, 'electron'),
    });
  });
});

describe('fetching Electron', () => {
  const install = (source: string) => writeFile(join(electron, 'install.js'), source);

  it('ends when nothing comes', async () => {
    await install('setInterval(() => {}, 1000);');
    expect(await fetchElectron(root, { idleLimitMs: 150 })).toBe(
      'the Electron download failed: nothing came for 0.15 s',
    );
  });

  it('waits as long as the download grows, however silent it is', async () => {
    await install(`
      const { appendFileSync } = require('node:fs');
      const { join } = require('node:path');
      let parts = 0;
      const timer = setInterval(() => {
        appendFileSync(join(require('node:os').tmpdir(), 'electron.zip'), 'bytes');
        if (++parts === 20) clearInterval(timer);
      }, 100);
    `);
    expect(await fetchElectron(root, { idleLimitMs: 1500 })).toBeUndefined();
  });

  it('tells the installer’s own reason, without its stack', async () => {
    await install(`
      console.error('TypeError: fetch failed\\n    at node:internal/deps/undici');
      process.exit(1);
    `);
    expect(await fetchElectron(root)).toBe('the Electron download failed: TypeError: fetch failed');
  });
});

describe('why Electron ended at once', () => {
  it.each([
    [
      'a missing library',
      127,
      null,
      'electron: error while loading shared libraries: libgtk-3.so.0: cannot open shared object file',
      'Electron needs the system library libgtk-3.so.0: install it with the package manager',
    ],
    [
      'the sandbox helper',
      null,
      'SIGTRAP',
      '',
      "Electron's sandbox cannot start: the kernel forbids user namespaces and chrome-sandbox has no SUID bit",
    ],
    [
      'the sandbox, in words',
      1,
      null,
      'FATAL: The SUID sandbox helper binary was found, but is not configured correctly.',
      "Electron's sandbox cannot start: the kernel forbids user namespaces and chrome-sandbox has no SUID bit",
    ],
    [
      'a display that is not there',
      1,
      null,
      'ERROR: Missing X server or $DISPLAY',
      'the display cannot be opened',
    ],
    ['a crash', null, 'SIGSEGV', '', 'Electron was ended by SIGSEGV'],
    ['an unknown problem', 3, null, '', 'Electron ended with code 3'],
    ['the user', 0, null, '', undefined],
  ])('%s', (_what, code, signal, stderr, reason) => {
    expect(explainExit(code, signal, stderr)).toBe(reason);
  });
});
