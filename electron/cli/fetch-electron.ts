import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Options {
  /** Nothing new on the disk or the pipe for this long means that the download will not come. */
  readonly idleLimitMs?: number;
  readonly onOutput?: (text: string) => void;
}

/** Bytes below a folder; what vanishes while it is counted counts as 0. */
const bytesIn = (folder: string): number => {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0)
      .reduce((sum, size) => sum + size, 0);
  } catch {
    return 0; // not there yet
  }
};

/** The line of an error's text that says most: not the stack. */
const firstWords = (text: string): string | undefined =>
  text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '' && !line.startsWith('at '));

/**
 * Lets the electron package fetch its executable (about 110 MB). Its installer is silent in a pipe and waits for a
 * server that never answers for minutes, so a watchdog looks whether the download or the unpacked files still grow.
 * Proxies and mirrors are the electron package's own settings.
 * @returns why it did not come, or `undefined`
 */
export const fetchElectron = (root: string, options: Options = {}): Promise<string | undefined> =>
  new Promise((resolve) => {
    const { idleLimitMs = 15_000, onOutput } = options;
    const home = join(root, 'node_modules', 'electron');
    const downloads = mkdtempSync(join(tmpdir(), 'dyno-fetch-'));
    const child = spawn(process.execPath, [join(home, 'install.js')], {
      cwd: home,
      env: { ...process.env, TMPDIR: downloads, TEMP: downloads, TMP: downloads },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let last = 'no reason given';
    let heard = 0;
    let seenBytes = -1;
    let idleSinceMs = performance.now();
    const watchdog = setInterval(() => {
      const bytes = heard + bytesIn(downloads) + bytesIn(join(home, 'dist'));
      if (bytes !== seenBytes) {
        seenBytes = bytes;
        idleSinceMs = performance.now();
      } else if (performance.now() - idleSinceMs > idleLimitMs) {
        last = `nothing came for ${idleLimitMs / 1000} s`;
        child.kill('SIGKILL');
      }
    }, idleLimitMs / 15);
    const hear = (chunk: Buffer): void => {
      const text = chunk.toString();
      heard += chunk.length;
      last = firstWords(text) ?? last;
      onOutput?.(text);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', (error) => (last = error.message));
    child.once('close', (code) => {
      clearInterval(watchdog);
      rmSync(downloads, { recursive: true, force: true });
      resolve(code === 0 ? undefined : `the Electron download failed: ${last}`);
    });
  });
