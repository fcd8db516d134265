import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStorage } from '../../../electron/storage/index.ts';

/** Runs the writer until it reported `least` commits, kills it with SIGKILL, and gives the last number it printed. */
const killWhileWriting = async (path: string, least: number): Promise<number> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../support/append-events.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    if (printed.split('\n').length > least) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return Number(printed.slice(0, printed.lastIndexOf('\n')).split('\n').at(-1));
};

describe('a kill -9 while writing', () => {
  it('loses nothing committed and leaves a whole database, three times in a row', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dyno-crash-'));
    const path = join(folder, 'dyno.db');
    for (const least of [50, 400, 1000]) {
      const lastCommitted = await killWhileWriting(path, least);
      using storage = openStorage(path);
      const seqs = storage.events.after(0, 1_000_000).map((event) => event.seq);

      expect(lastCommitted).toBeGreaterThan(0);
      expect(seqs.at(-1)).toBeGreaterThanOrEqual(lastCommitted);
      expect(seqs).toEqual(Array.from(seqs, (_, index) => index + 1));
    }
    rmSync(folder, { recursive: true });
  });
});
