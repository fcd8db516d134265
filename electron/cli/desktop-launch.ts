import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasDisplay } from './open-browser.ts';

/**
 * Whether and how the desktop window can be opened from a source checkout. The Electron executable is looked for, never
 * resolved by `import 'electron'`, which would start a download without a limit.
 */
export type DesktopAnswer =
  | { readonly type: 'ready'; readonly executable: string }
  | { readonly type: 'missing' }
  | { readonly type: 'impossible'; readonly reason: string };

interface Place {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
}

/** The executable of the installed `electron` package, of `ELECTRON_OVERRIDE_DIST_PATH`, or `undefined`. */
const findExecutable = ({ root, env }: Place): string | undefined => {
  const home = join(root, 'node_modules', 'electron');
  const nameFile = join(home, 'path.txt');
  const name = existsSync(nameFile) ? readFileSync(nameFile, 'utf8').trim() : 'electron';
  const folders = [env['ELECTRON_OVERRIDE_DIST_PATH'], join(home, 'dist')];
  return folders
    .flatMap((folder) => (folder === undefined ? [] : [join(folder, name)]))
    .find((path) => existsSync(path));
};

export const askForDesktop = (place: Place): DesktopAnswer => {
  if (!hasDisplay(place.env, place.platform)) {
    return { type: 'impossible', reason: 'there is no display (DISPLAY and WAYLAND_DISPLAY are not set)' };
  }
  const executable = findExecutable(place);
  if (executable !== undefined) return { type: 'ready', executable };
  return existsSync(join(place.root, 'node_modules', 'electron', 'install.js'))
    ? { type: 'missing' }
    : { type: 'impossible', reason: 'the electron package is not installed' };
};

/** Why Electron ended at once, from its exit and its last words; `undefined` when nothing is known. */
export const explainExit = (
  code: number | null,
  signal: string | null,
  stderr: string,
): string | undefined => {
  const library = /error while loading shared libraries: ([^:\s]+)/.exec(stderr)?.[1];
  if (library !== undefined)
    return `Electron needs the system library ${library}: install it with the package manager`;
  if (signal === 'SIGTRAP' || stderr.includes('SUID sandbox') || stderr.includes('--no-sandbox')) {
    return "Electron's sandbox cannot start: the kernel forbids user namespaces and chrome-sandbox has no SUID bit";
  }
  if (stderr.includes('cannot open display') || stderr.includes('Missing X server'))
    return 'the display cannot be opened';
  if (signal !== null) return `Electron was ended by ${signal}`;
  return code === 0 ? undefined : `Electron ended with code ${code ?? 'unknown'}`;
};
