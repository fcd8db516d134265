import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventBodySchema, type EventBody } from '../../shared/events/events.ts';
import type { HostWork } from './doomed-host.ts';
import { hasProcesses } from './dyno-process.ts';
import { eventually } from './eventually.ts';

/**
 * Starts a host of that data folder with work to do, kills it with SIGKILL at the first event for which `isDue` holds, and
 * resolves once its children are gone, too. Rejects when the host ends before.
 */
export const killHost = async (
  home: string,
  work: HostWork,
  isDue: (body: EventBody) => boolean | Promise<boolean>,
): Promise<void> => {
  const entry = join(import.meta.dirname, 'doomed-host.ts');
  const child = spawn(process.execPath, [entry, home, JSON.stringify(work)], {
    detached: true, // a process group of its own, so that its children are found
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const closed = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('close', (_code, signal) => resolve(signal));
  });
  for await (const line of createInterface(child.stdout)) {
    if (await isDue(eventBodySchema.parse(JSON.parse(line)))) break;
  }
  child.kill('SIGKILL');
  if ((await closed) !== 'SIGKILL')
    throw new TypeError(`The host ended before it was killed. stderr: ${stderr}`);
  await eventually(() => !hasProcesses({ pid: child.pid ?? 0 }));
};
