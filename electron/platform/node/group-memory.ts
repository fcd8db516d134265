import { parseCgroupPaths, parseMemoryLimit } from './cgroup.ts';

/** `Infinity` without a limit. */
export interface GroupMemory {
  readonly limitBytes: number;
  /** What is left under the limit, file pages that the kernel can drop counted as free, as MemAvailable counts them. */
  readonly freeBytes: number;
}

const files = {
  1: {
    limit: 'memory.limit_in_bytes',
    used: 'memory.usage_in_bytes',
    pages: ['total_inactive_file', 'total_active_file'],
  },
  2: { limit: 'memory.max', used: 'memory.current', pages: ['inactive_file', 'active_file'] },
} as const;

const numberIn = (statistics: string, name: string): number => {
  const line = statistics.split('\n').find((row) => row.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? 0);
};

/**
 * Memory limits that a container, systemd or a batch system puts on this process. Every group above it binds, too: the
 * one with the least left decides, which need not be the one with the smallest limit.
 */
export const readGroupMemory = (read: (path: string) => string | undefined): GroupMemory => {
  const paths = parseCgroupPaths(read('/proc/self/cgroup') ?? '');
  const { limit, used, pages } = files[paths.version];
  let tightest: GroupMemory = { limitBytes: Infinity, freeBytes: Infinity };
  for (const group of paths.memory) {
    const limitBytes = parseMemoryLimit(read(`${group}/${limit}`) ?? 'max');
    if (limitBytes === null) continue;
    const statistics = read(`${group}/memory.stat`) ?? '';
    const droppable = pages.reduce((sum, name) => sum + numberIn(statistics, name), 0);
    const freeBytes = limitBytes - Number(read(`${group}/${used}`) ?? 0) + droppable;
    tightest = {
      limitBytes: Math.min(tightest.limitBytes, limitBytes),
      freeBytes: Math.min(tightest.freeBytes, Math.max(0, Math.min(limitBytes, freeBytes))),
    };
  }
  return tightest;
};
