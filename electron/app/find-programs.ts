import { join } from 'node:path';
import type { Ports } from '../platform/ports.ts';

const browserPlaces: Readonly<Record<Ports['host']['platform'], readonly string[]>> = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/microsoft-edge',
    '/usr/bin/firefox',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Google Chrome.app',
    '/Applications/Chromium.app',
    '/Applications/Microsoft Edge.app',
    '/Applications/Safari.app',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
  other: ['/usr/bin/chromium', '/usr/bin/firefox', '/usr/local/bin/chromium', '/usr/local/bin/firefox'],
};

const firstThere = async (files: Ports['files'], paths: readonly string[]): Promise<string | null> => {
  for (const path of paths) if ((await files.stat(path)) !== undefined) return path;
  return null;
};

/** Programs the doctor tells of: Electron's executable beside this checkout, and a browser for browser mode. */
export const findPrograms = async ({
  files,
  folders,
  host,
}: Pick<Ports, 'files' | 'folders' | 'host'>): Promise<{
  readonly electronPath: string | null;
  readonly browserPath: string | null;
}> => {
  const electron = join(folders.resources, '..', 'node_modules', 'electron', 'dist');
  const executables = ['electron', 'electron.exe', 'Electron.app'].map((name) => join(electron, name));
  return {
    electronPath: await firstThere(files, executables),
    browserPath: await firstThere(files, browserPlaces[host.platform]),
  };
};
