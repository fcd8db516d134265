import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { measureSaturation } from './load.ts';

const told = z.object({ url: z.string(), apiKey: z.string() });

/** Resident memory of a process on Linux, bytes. */
const residentBytesOf = (pid: number): number => {
  const [, kibibytes] = /VmRSS:\s+(\d+) kB/u.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
};

export interface ServedMemory {
  readonly startedBytes: number;
  readonly loadedBytes: number;
  readonly requests: number;
}

/**
 * Memory of the host process of the built `dyno serve` on the bundled model, its engine being another process;
 * `undefined` where there is no build, or no /proc.
 */
export const measureServed = async (load: {
  readonly clients: number;
  readonly seconds: number;
}): Promise<ServedMemory | undefined> => {
  const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
  if (!existsSync(path('out/cli/dyno.js')) || !existsSync('/proc/self/status')) return undefined;
  const data = mkdtempSync(join(tmpdir(), 'dyno-perf-'));
  const child = spawn(process.execPath, [path('bin/dyno.js'), 'serve', '--port', '0', '--json'], {
    env: { ...process.env, DYNO_HOME: data },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line = ''] = (await once(createInterface({ input: child.stdout }), 'line')) as readonly string[];
    const { url, apiKey } = told.parse(JSON.parse(line));
    const { pid = 0 } = child;
    const startedBytes = residentBytesOf(pid);
    const target = { port: Number(new URL(url).port), path: '/v1/chat/completions', key: apiKey };
    const perSecond = await measureSaturation(target, load);
    return { startedBytes, loadedBytes: residentBytesOf(pid), requests: perSecond * load.seconds };
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
    rmSync(data, { recursive: true, force: true });
  }
};
