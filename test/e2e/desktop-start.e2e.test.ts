import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { browserPath } from '../support/browser.ts';
import { mainFile, registerFile, root } from '../support/desktop.ts';
import { writeFakeElectron } from '../support/fake-electron.ts';
import { alive, descendantsOf } from '../support/process-tree.ts';

describe('starting the desktop app', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'dyno-launch-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('npm start opens the window, and a signal to it closes everything in order', async () => {
    const endpointFile = join(home, 'endpoint');
    const standIn = `exec '${process.execPath}' --import '${registerFile}' '${mainFile}'`;
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, [join(root, 'scripts/start.js')], {
      cwd: root,
      env: {
        PATH,
        HOME: home,
        DISPLAY: ':stand-in',
        DYNO_HOME: join(home, 'data'),
        DYNO_TEST_BROWSER: browserPath(),
        STUB_ENDPOINT_FILE: endpointFile,
        ELECTRON_OVERRIDE_DIST_PATH: writeFakeElectron(join(home, 'electron'), standIn),
        ELECTRON_RUN_AS_NODE: '1', // as in the terminal of an editor
      },
      stdio: 'inherit',
    });
    const exited = new Promise((resolve) => {
      child.once('exit', resolve);
    });
    await expect.poll(() => existsSync(endpointFile), { timeout: 60_000 }).toBe(true);
    const children = descendantsOf(child.pid ?? 0);
    child.kill('SIGINT');
    child.kill('SIGINT'); // a terminal and npm both send it
    expect(await exited).toBe(0);
    expect([children.length > 1, alive(children)]).toEqual([true, []]);
  });

  it('a second instance leaves the data alone and ends', () => {
    const done = spawnSync(process.execPath, ['--import', registerFile, mainFile], {
      env: { HOME: home, DYNO_HOME: join(home, 'data'), STUB_SECOND_INSTANCE: '1' },
      encoding: 'utf8',
    });
    expect([done.status, existsSync(join(home, 'data', 'dyno.db'))]).toEqual([0, false]);
  });
});
