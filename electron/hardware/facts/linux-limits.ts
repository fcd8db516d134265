import type { Files } from '../../platform/ports.ts';
import { readText } from '../sampling/read-text.ts';
import {
  parseCfsQuota,
  parseCgroupPaths,
  parseCpuMax,
  parseMemoryLimit,
} from '../../platform/node/cgroup.ts';

export interface Limits {
  /** CPUs' worth of time per second; `null` for no limit. */
  readonly cpus: number | null;
  readonly memoryBytes: number | null;
  /** Memory the group with the tightest limit uses now. */
  readonly memoryUsedBytes: number | null;
}

const tightest = (limits: readonly (number | null)[]): number | null => {
  const numbers = limits.filter((limit) => limit !== null);
  return numbers.length === 0 ? null : Math.min(...numbers);
};

/** Limits that a container, systemd or a batch system puts on this process. */
export const readLimits = async (files: Files): Promise<Limits> => {
  const paths = parseCgroupPaths((await readText(files, '/proc/self/cgroup')).text ?? '');
  const text = async (path: string): Promise<string> => (await readText(files, path)).text ?? '';
  const cpus = await Promise.all(
    paths.cpu.map(async (group) =>
      paths.version === 2
        ? parseCpuMax(await text(`${group}/cpu.max`))
        : parseCfsQuota(await text(`${group}/cpu.cfs_quota_us`), await text(`${group}/cpu.cfs_period_us`)),
    ),
  );
  const [limitFile, usedFile] =
    paths.version === 2
      ? ['memory.max', 'memory.current']
      : ['memory.limit_in_bytes', 'memory.usage_in_bytes'];
  const memory = await Promise.all(
    paths.memory.map(async (group) => ({
      group,
      limit: parseMemoryLimit((await text(`${group}/${limitFile}`)) || 'max'),
    })),
  );
  const memoryBytes = tightest(memory.map(({ limit }) => limit));
  const group = memory.find(({ limit }) => limit === memoryBytes)?.group;
  const used = memoryBytes === null || group === undefined ? '' : await text(`${group}/${usedFile}`);
  return { cpus: tightest(cpus), memoryBytes, memoryUsedBytes: used === '' ? null : Number(used) };
};
