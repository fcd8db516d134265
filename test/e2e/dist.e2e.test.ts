import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extractAsar, listAsar } from '../support/asar.ts';
import { freePort } from '../support/browser-mode.ts';
import { root, startStandIn } from '../support/desktop.ts';

/** `npm run dist` as far as it goes without Electron's executable: the packaging, and the packed app on the stand-in. */
const fuseMark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const fuseNames = [
  'runAsNode',
  'cookieEncryption',
  'nodeOptions',
  'nodeCliInspect',
  'asarIntegrity',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
] as const;

/** The fuses after the mark: a version byte, a count byte, then `0` or `1` each. */
const readFuses = (executable: string): Readonly<Record<string, boolean>> => {
  const bytes = readFileSync(executable);
  const first = bytes.indexOf(fuseMark) + fuseMark.length + 2;
  return Object.fromEntries(
    fuseNames.map((name, index) => [name, String.fromCharCode(bytes[first + index] ?? 0) === '1']),
  );
};

describe.skipIf(process.platform !== 'linux')('the packaged app', () => {
  let folder: string;
  let resources: string;
  let output: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dyno-dist-'));
    const args = [join(root, 'scripts/dist.js'), '--no-fetch', '--output', folder];
    const done = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    output = done.stdout + done.stderr;
    expect(done.status, output).toBe(0);
    resources = join(folder, 'linux-unpacked', 'resources');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('says so when it was packed without Electron', () => {
    const isMarked = existsSync(join(folder, 'linux-unpacked', 'NOT-RUNNABLE.txt'));
    expect(isMarked).toBe(output.includes('cannot open a window'));
  });

  it('has its fuses set', () => {
    expect(readFuses(join(folder, 'linux-unpacked', 'dyno'))).toEqual({
      runAsNode: false,
      cookieEncryption: true,
      nodeOptions: false,
      nodeCliInspect: false,
      asarIntegrity: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  it('holds the bundles and the native libraries of this platform only, those outside the archive', () => {
    const files = listAsar(join(resources, 'app.asar'));
    const native = files.filter(({ path }) => /\.(node|so|dll|dylib)(\.\d+)*$/.test(path));
    const llama = native.filter(({ path }) => path.includes('node-llama-cpp'));
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        'package.json',
        'out/main/main.js',
        'out/preload/preload.cjs',
        'out/renderer/index.html',
        'out/children/engine.js',
        'out/children/inspector.js',
        'out/children/driver.js',
        'out/children/telemetry.js',
      ]),
    );
    expect(llama.length).toBeGreaterThan(5);
    expect({
      packedNative: native.filter(({ isUnpacked }) => !isUnpacked).map(({ path }) => path),
      foreign: llama.filter(({ path }) => !path.includes(`linux-${process.arch}`)).map(({ path }) => path),
      withoutIntegrity: files.filter(({ hasIntegrity, sizeBytes }) => !hasIntegrity && sizeBytes > 0).length,
      ballast: files
        .filter(({ path }) =>
          /^(electron|renderer|shared|test|resources|docs|perf|scripts)\/|\.map$|\.gguf$/.test(path),
        )
        .map(({ path }) => path),
    }).toEqual({ packedNative: [], foreign: [], withoutIntegrity: 0, ballast: [] });
    expect(existsSync(join(resources, 'resources/model/dyno-demo-4m-f16.gguf'))).toBe(true);
  });

  it('starts from the archive, shows the bundled model, serves it and quantizes it', async () => {
    const home = join(folder, 'home');
    const drops = join(home, 'drops');
    await mkdir(drops, { recursive: true });
    const content = join(folder, 'app');
    extractAsar(join(resources, 'app.asar'), content);
    await using app = await startStandIn({
      home,
      drops,
      packaged: { main: join(content, 'out/main/main.js'), resources },
    });
    const page = await app.page();
    const open = (name: string) =>
      page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();

    await page
      .getByRole('link', { name: /Dyno Demo/ })
      .first()
      .waitFor();

    const port = await freePort();
    await open('Settings');
    await page.getByLabel('Server port').fill(String(port));
    await page.getByLabel('Server port').blur();
    await page.getByText('Saved.').waitFor();
    await open('Server');
    await page.getByRole('button', { name: 'Turn on' }).click();
    await page.getByText(`http://127.0.0.1:${port}/v1`, { exact: true }).waitFor({ timeout: 30_000 });
    await page.getByRole('textbox', { name: 'Message' }).fill('Hello, who are you?');
    await page.keyboard.press('Enter');
    await page.getByText(/^ended by \w+/).waitFor({ timeout: 30_000 });

    await open('Home');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await open('Models');
    await page
      .getByRole('group', { name: 'Models' })
      .getByText('Q8_0', { exact: true })
      .waitFor({ timeout: 60_000 });
  });
});
