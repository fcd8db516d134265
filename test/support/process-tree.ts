import { execFileSync } from 'node:child_process';

/** Process ids of all descendants of `pid` that live now, nearest first. POSIX only. */
export const descendantsOf = (pid: number): readonly number[] => {
  const rows = execFileSync('ps', ['-e', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state = 'Z']) => !state.startsWith('Z'));
  const found: number[] = [];
  const queue = [pid];
  for (const parent of queue) {
    const children = rows.filter(([, ppid]) => Number(ppid) === parent).map(([id]) => Number(id));
    found.push(...children);
    queue.push(...children);
  }
  return found;
};

/** Those of `pids` that still live. */
export const alive = (pids: readonly number[]): readonly number[] => {
  const rows = execFileSync('ps', ['-e', '-o', 'pid=,stat='], { encoding: 'utf8' }).split('\n');
  const living = new Set(
    rows
      .map((line) => line.trim().split(/\s+/))
      .filter(([, state = 'Z']) => !state.startsWith('Z'))
      .map(([pid]) => Number(pid)),
  );
  return pids.filter((pid) => living.has(pid));
};
