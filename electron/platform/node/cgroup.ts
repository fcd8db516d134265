/** Limits that containers and systemd put on a process group, cgroup v1 and v2. Pure. */

/** Where the limits of this process lie under /sys/fs/cgroup, from the innermost group to the outermost. */
export interface CgroupPaths {
  readonly version: 1 | 2;
  readonly cpu: readonly string[];
  readonly memory: readonly string[];
}

const ROOT = '/sys/fs/cgroup';

/** `/a/b` → [`/a/b`, `/a`, ``]: a limit of any parent binds, too. */
const withParents = (group: string): readonly string[] => {
  const parts = group.split('/').filter((part) => part !== '');
  return Array.from({ length: parts.length + 1 }, (_, dropped) =>
    parts
      .slice(0, parts.length - dropped)
      .map((part) => `/${part}`)
      .join(''),
  );
};

/** Reads /proc/self/cgroup. In a container the listed path may lie outside of what is mounted; the parents cover that. */
export const parseCgroupPaths = (text: string): CgroupPaths => {
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(':'))
    .map(([, controllers = '', ...path]) => ({ controllers: controllers.split(','), path: path.join(':') }));
  const v1 = (controller: string): readonly string[] | undefined => {
    const row = rows.find(({ controllers }) => controllers.includes(controller));
    return row === undefined
      ? undefined
      : withParents(row.path).map((group) => `${ROOT}/${controller}${group}`);
  };
  const cpu = v1('cpu');
  const memory = v1('memory');
  if (cpu !== undefined || memory !== undefined) return { version: 1, cpu: cpu ?? [], memory: memory ?? [] };
  const unified = rows.find(({ controllers }) => controllers[0] === '')?.path ?? '/';
  const groups = withParents(unified).map((group) => `${ROOT}${group}`);
  return { version: 2, cpu: groups, memory: groups };
};

/** `max 100000` or `200000 100000` of v2's cpu.max → CPUs, `null` for no limit. */
export const parseCpuMax = (text: string): number | null => {
  const [quota, period] = text.trim().split(/\s+/).map(Number);
  return quota !== undefined && quota > 0 && period !== undefined && period > 0 ? quota / period : null;
};

/** v1's cpu.cfs_quota_us and cpu.cfs_period_us → CPUs, `null` for no limit (quota −1). */
export const parseCfsQuota = (quota: string, period: string): number | null =>
  Number(quota) > 0 && Number(period) > 0 ? Number(quota) / Number(period) : null;

/** v2's `max` and v1's page-rounded 2^63 − 1 both mean no limit: `null`. */
export const parseMemoryLimit = (text: string): number | null => {
  const bytes = Number(text.trim());
  return Number.isFinite(bytes) && bytes < 2 ** 60 ? bytes : null;
};
