import { readFileSync } from 'node:fs';
import type { HostFacts } from '../../electron/platform/ports.ts';

/** What a process holds now, shared pages in proportion; 0 once it is gone. Linux only. */
const heldBytes = (pid: number): number => {
  try {
    const line = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    return Number(line?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
};

/**
 * The memory of a machine on which nothing runs but the processes of `pids`: real ones, whose real memory is missing
 * from what is free, so that a test of full memory needs no full memory.
 */
export const createSmallMachine = (
  totalBytes: number,
  pids: () => readonly number[],
): Pick<HostFacts, 'totalMemoryBytes' | 'availableMemoryBytes'> => ({
  totalMemoryBytes: () => totalBytes,
  availableMemoryBytes: () => Math.max(0, totalBytes - pids().reduce((sum, pid) => sum + heldBytes(pid), 0)),
});
