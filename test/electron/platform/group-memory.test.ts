import { expect, test } from 'vitest';
import { readGroupMemory } from '../../../electron/platform/node/group-memory.ts';

const GIB = 2 ** 30;

const memoryOf = (files: Readonly<Record<string, string>>) => readGroupMemory((path) => files[path]);

test('a container of cgroup v2 has what its limit leaves, with the file pages that can be dropped', () => {
  expect(
    memoryOf({
      '/proc/self/cgroup': '0::/\n',
      '/sys/fs/cgroup/memory.max': `${8 * GIB}\n`,
      '/sys/fs/cgroup/memory.current': `${6 * GIB}\n`,
      '/sys/fs/cgroup/memory.stat': `anon ${3 * GIB}\ninactive_file ${2 * GIB}\nactive_file ${GIB}\n`,
    }),
  ).toEqual({ limitBytes: 8 * GIB, freeBytes: 5 * GIB });
});

test('one of cgroup v1 counts the pages of the groups below it, too', () => {
  expect(
    memoryOf({
      '/proc/self/cgroup': '5:cpu,cpuacct:/job\n4:memory:/job\n',
      '/sys/fs/cgroup/memory/job/memory.limit_in_bytes': `${4 * GIB}\n`,
      '/sys/fs/cgroup/memory/job/memory.usage_in_bytes': `${3 * GIB}\n`,
      '/sys/fs/cgroup/memory/job/memory.stat': `inactive_file 0\ntotal_inactive_file ${GIB}\ntotal_active_file 0\n`,
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
    }),
  ).toEqual({ limitBytes: 4 * GIB, freeBytes: 2 * GIB });
});

test('a fuller group above leaves less than the smaller limit of the own one', () => {
  expect(
    memoryOf({
      '/proc/self/cgroup': '0::/user.slice/dyno.service\n',
      '/sys/fs/cgroup/user.slice/dyno.service/memory.max': `${4 * GIB}`,
      '/sys/fs/cgroup/user.slice/dyno.service/memory.current': `${GIB}`,
      '/sys/fs/cgroup/user.slice/memory.max': `${16 * GIB}`,
      '/sys/fs/cgroup/user.slice/memory.current': `${15 * GIB}`,
    }),
  ).toEqual({ limitBytes: 4 * GIB, freeBytes: GIB });
});

test('one over its limit has nothing left, one without a limit or without cgroups all of the machine', () => {
  const over = { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/memory.max': `${GIB}` };
  expect(memoryOf({ ...over, '/sys/fs/cgroup/memory.current': `${2 * GIB}` }).freeBytes).toBe(0);
  const none = { limitBytes: Infinity, freeBytes: Infinity };
  expect(memoryOf({ ...over, '/sys/fs/cgroup/memory.max': 'max\n' })).toEqual(none);
  expect(memoryOf({})).toEqual(none);
});
