import { readFileSync } from 'node:fs';

/** Ended, but not yet collected by its parent; in a container without an init such a process stays for ever. */
const isZombie = (pid: number): boolean => {
  if (process.platform !== 'linux') return false;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return /^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2)); // the name in brackets may hold brackets itself
  } catch {
    return false; // no /proc, or it ended this moment: the signal has the word
  }
};

/** True while a process with that id runs; one of another user counts as alive. */
export const isProcessAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};
