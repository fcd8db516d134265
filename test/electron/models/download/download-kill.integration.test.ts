import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ggufBytes } from '../../../support/gguf-bytes.ts';
import { createModelServer } from '../../../support/model-server.ts';

const child = fileURLToPath(new URL('../../../support/pull-child.ts', import.meta.url));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dyno-pull-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const startPull = (url: string) => spawn(process.execPath, [child, url, folder], { stdio: 'inherit' });

test('a download whose process is killed goes on from its last byte in the next process', async () => {
  const model = ggufBytes(4_000_000);
  await using server = await createModelServer(model);
  server.plan({ type: 'stall', afterBytes: 3_000_000 });
  const url = `${server.origin}/tiny.gguf`;

  const killed = startPull(url);
  const partBytes = async () =>
    (await stat(join(folder, 'tiny.gguf.part')).catch(() => undefined))?.size ?? 0;
  await expect.poll(partBytes, { timeout: 20_000 }).toBe(3_000_000);
  killed.kill('SIGKILL');
  await once(killed, 'close');

  const second = startPull(url);
  await once(second, 'close');
  expect(second.exitCode).toBe(0);
  expect(server.requests.at(-1)?.header('range')).toBe('bytes=3000000-');
  expect(await readdir(folder)).toEqual(['tiny.gguf']);
  expect(Buffer.compare(await readFile(join(folder, 'tiny.gguf')), model)).toBe(0);
});
