import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isProcessAlive } from '../../../electron/platform/node/is-process-alive.ts';
import { eventually } from '../../support/eventually.ts';

/** A parent that never collects its child and prints the child's id. */
const parentOfZombie = 'sleep 0.05 & echo $!; exec sleep 30';

describe('a process', () => {
  it('is alive while it runs, and gone after it', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    expect(isProcessAlive(child.pid ?? 0)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isProcessAlive(child.pid ?? 0)).toBe(false);
  });

  it.runIf(process.platform === 'linux')('that ended is gone, though nobody collects it', async () => {
    const parent = spawn('sh', ['-c', parentOfZombie]);
    try {
      const chunk: unknown = (await once(parent.stdout, 'data'))[0];
      const pid = Number(String(chunk));
      await eventually(() => !isProcessAlive(pid));
      expect(() => process.kill(pid, 0)).not.toThrow(); // the kernel still knows it
    } finally {
      parent.kill('SIGKILL');
    }
  });
});
