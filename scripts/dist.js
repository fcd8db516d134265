// npm run dist: the packaged app in dist/. With --installers also AppImage, deb, dmg or nsis, which fetch tools.
// Without Electron's executable, and with no way to fetch it, a stand-in takes its place: packed, but not runnable.
// Other flags: --no-fetch (do not try to fetch Electron), --output FOLDER.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fetchElectron } from '../electron/cli/fetch-electron.ts';
import { buildIfStale } from './build.js';
import { electronVersion, findElectronDist, writeStandInDist } from './electron-dist.js';
import { node, root } from './steps.js';

const { values: flags } = parseArgs({
  options: {
    installers: { type: 'boolean', default: false },
    'no-fetch': { type: 'boolean', default: false },
    output: { type: 'string', default: 'dist' },
  },
});

const say = (text) => process.stdout.write(`${text}\n`);

/** Why there is no Electron to pack, or `undefined`. */
const electronProblem = async () => {
  if (findElectronDist() !== undefined) return undefined;
  if (flags['no-fetch']) return 'it was not to be fetched';
  say('Fetching the Electron executable, once…');
  return fetchElectron(root);
};

const pack = (electronDist) => {
  const builder = join(root, 'node_modules', 'electron-builder', 'cli.js');
  const args = [
    ...(flags.installers ? [] : ['--dir']),
    '--publish=never',
    `-c.electronDist=${electronDist}`,
    `-c.electronVersion=${electronVersion}`,
    `-c.directories.output=${flags.output}`,
  ];
  return spawnSync(node, [builder, ...args], { cwd: root, stdio: 'inherit' }).status ?? 1;
};

const packStandIn = () => {
  const folder = mkdtempSync(join(tmpdir(), 'dyno-electron-'));
  try {
    writeStandInDist(folder);
    return pack(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const run = async () => {
  const built = buildIfStale();
  if (built !== 0) return built;
  const problem = await electronProblem();
  const dist = findElectronDist();
  if (dist !== undefined) return pack(dist);
  say(`No Electron to pack: ${problem ?? 'its executable is not there after its download'}.`);
  if (process.platform !== 'linux' || flags.installers) return 1;
  say('Packing with a stand-in instead: this checks the packaging, the result cannot open a window.');
  return packStandIn();
};

process.exitCode = await run();
