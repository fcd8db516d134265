// A folder with Electron for the packager: the real one, or a stand-in that lets the packaging be checked without it.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './steps.js';

const executables = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' };
const executable = executables[process.platform] ?? 'electron';

/** Version of the electron package, which may be installed without its executable. */
export const electronVersion = JSON.parse(
  readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8'),
).version;

/** The folder of an installed Electron, or `undefined`. */
export const findElectronDist = () =>
  [process.env.ELECTRON_OVERRIDE_DIST_PATH, join(root, 'node_modules', 'electron', 'dist')].find(
    (folder) => folder && existsSync(join(folder, executable)),
  );

/** Electron looks for this mark in itself; version, count and one byte per fuse follow. */
const fuseMark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** As Electron ships them, in order from runAsNode to wasmTrapHandlers: what has to be off begins on. */
const shippedFuses = '101100011';

/**
 * Writes a folder that has Electron's shape but cannot open a window: its executable says so, and carries fuses, so
 * that the packager can set them and a test can read them.
 */
export const writeStandInDist = (folder) => {
  mkdirSync(join(folder, 'resources'), { recursive: true });
  mkdirSync(join(folder, 'locales'), { recursive: true });
  const script =
    '#!/bin/sh\necho "This package was made without Electron and cannot open a window." >&2\nexit 70\n';
  const wire = Buffer.concat([Buffer.from([1, shippedFuses.length]), Buffer.from(shippedFuses)]);
  const path = join(folder, 'electron');
  writeFileSync(path, Buffer.concat([Buffer.from(`${script}# ${fuseMark}`), wire, Buffer.from('\n')]));
  chmodSync(path, 0o755);
  writeFileSync(join(folder, 'version'), electronVersion);
  writeFileSync(
    join(folder, 'NOT-RUNNABLE.txt'),
    'Packed with a stand-in for Electron, to check the packaging.\n',
  );
  for (const name of ['chrome-sandbox', 'LICENSE', 'LICENSES.chromium.html'])
    writeFileSync(join(folder, name), '');
};
