import type { WorkerExit } from '../platform/ports.ts';

/** Signals that end a process from inside or by the system's hand; Node's own exit codes hardly reach these numbers. */
const fatalSignals: Readonly<Record<number, string>> = {
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  10: 'SIGBUS', // macOS
  11: 'SIGSEGV',
  15: 'SIGTERM',
};

/** Set in a wait status when the kernel wrote a core dump. */
const coreDumped = 0x80;

/**
 * How a utility process ended. Electron tells one number: on POSIX the wait status (a signal's number when one ended
 * it), on Windows the exit code or NTSTATUS.
 */
export const utilityExit = (code: number, platform: NodeJS.Platform): WorkerExit => {
  const signal = platform === 'win32' ? undefined : fatalSignals[code & ~coreDumped];
  return signal === undefined ? { code, signal: null } : { code: null, signal };
};
