import { describe, expect, it } from 'vitest';
import {
  parseCfsQuota,
  parseCgroupPaths,
  parseCpuMax,
  parseMemoryLimit,
} from '../../../../electron/platform/node/cgroup.ts';
import { lacksFastKernels, llamaFeatures } from '../../../../electron/hardware/vendors/cpu-features.ts';
import {
  busyPercent,
  parseClocksMhz,
  parseCpuinfo,
  parseCpuList,
  parseProcessTicks,
  parseProcStat,
} from '../../../../electron/hardware/vendors/cpu.ts';
import { parseMeminfo, parsePressure } from '../../../../electron/hardware/vendors/memory.ts';
import { recording } from '../../../support/hardware-fixtures.ts';

describe('/proc/stat', () => {
  it('gives busy and total time of all cores and of each', () => {
    const stat = parseProcStat(recording('proc-stat-2-cores.txt'));
    expect(stat?.cores).toHaveLength(2);
    expect(stat?.cores[0]).toEqual({ cpu: 0, busy: 2_040_110, total: 15_389_532 });
    expect(parseProcStat('nothing')).toBeUndefined();
  });

  it('gives the busy share between two readings and no share without time', () => {
    expect(busyPercent({ busy: 10, total: 100 }, { busy: 60, total: 200 })).toBe(50);
    expect(busyPercent({ busy: 10, total: 100 }, { busy: 10, total: 100 })).toBeNull();
    // counters of a core that was switched off and on again may fall
    expect(busyPercent({ busy: 60, total: 100 }, { busy: 10, total: 200 })).toBe(0);
  });

  it('reads the ticks of a process whose name holds blanks and brackets', () => {
    const text =
      '4242 (tmux: (client) x) S 1 4242 4242 0 -1 4194304 500 0 0 0 130 70 5 5 20 0 1 0 100 1000 200';
    expect(parseProcessTicks(text)).toBe(200);
    expect(parseProcessTicks('')).toBeUndefined();
  });
});

describe('/proc/cpuinfo', () => {
  it('reads AMD with SMT: two cores, four threads, AVX-512', () => {
    const info = parseCpuinfo(recording('cpuinfo-amd.txt'));
    expect(info).toMatchObject({
      model: 'AMD Ryzen 9 7950X 16-Core Processor',
      vendor: 'AuthenticAMD',
      physicalCores: 2,
      logicalCores: 4,
    });
    expect(parseClocksMhz(recording('cpuinfo-amd.txt'))).toEqual([4491.132, 3000, 4491.132, 3000]);
    expect(parseClocksMhz(recording('cpuinfo-gb10.txt'))).toEqual([]);
    expect(llamaFeatures(info.flags)).toEqual([
      'sse3',
      'ssse3',
      'sse42',
      'avx',
      'f16c',
      'fma',
      'bmi2',
      'avx2',
      'avx512f',
      'avx512_vbmi',
      'avx512_vnni',
      'avx512_bf16',
    ]);
  });

  it('reads an Intel CPU without AVX2, which llama.cpp is slow on', () => {
    const features = llamaFeatures(parseCpuinfo(recording('cpuinfo-intel-old.txt')).flags);
    expect(features).toEqual(['sse3', 'ssse3', 'sse42', 'avx', 'f16c']);
    expect(lacksFastKernels('x64', features)).toBe(true);
    expect(lacksFastKernels('x64', [...features, 'avx2'])).toBe(false);
    expect(lacksFastKernels('arm64', ['neon'])).toBe(false);
  });

  it('names ARM cores by their part numbers, mixed ones too', () => {
    const neoverse = parseCpuinfo(recording('cpuinfo-neoverse.txt'));
    expect(neoverse).toMatchObject({
      model: 'Neoverse-V1',
      vendor: 'ARM',
      physicalCores: null,
      logicalCores: 2,
    });
    expect(llamaFeatures(neoverse.flags)).toEqual(['neon', 'fp16', 'dotprod', 'bf16', 'i8mm', 'sve']);
    expect(parseCpuinfo(recording('cpuinfo-gb10.txt')).model).toBe('Cortex-A725 + Cortex-X925');
  });

  it('finds the vector extension of RISC-V', () => {
    expect(llamaFeatures(['rv64imafdcv_zicbom'])).toEqual(['rvv']);
    expect(llamaFeatures(['rv64imafdc'])).toEqual([]);
  });

  it('reads sets of CPUs', () => {
    expect(parseCpuList('0-2,8\n')).toEqual([0, 1, 2, 8]);
    expect(parseCpuList('\n')).toEqual([]);
  });
});

describe('cgroups', () => {
  it('lists the places of a limit from the innermost group outwards', () => {
    expect(parseCgroupPaths('0::/user.slice/app.scope\n')).toEqual({
      version: 2,
      cpu: ['/sys/fs/cgroup/user.slice/app.scope', '/sys/fs/cgroup/user.slice', '/sys/fs/cgroup'],
      memory: ['/sys/fs/cgroup/user.slice/app.scope', '/sys/fs/cgroup/user.slice', '/sys/fs/cgroup'],
    });
    expect(parseCgroupPaths('4:memory:/docker/abc\n2:cpu,cpuacct:/docker/abc\n0::/\n')).toEqual({
      version: 1,
      cpu: ['/sys/fs/cgroup/cpu/docker/abc', '/sys/fs/cgroup/cpu/docker', '/sys/fs/cgroup/cpu'],
      memory: ['/sys/fs/cgroup/memory/docker/abc', '/sys/fs/cgroup/memory/docker', '/sys/fs/cgroup/memory'],
    });
  });

  it('reads quotas and memory limits, and no limit as null', () => {
    expect(parseCpuMax('150000 100000\n')).toBe(1.5);
    expect(parseCpuMax('max 100000\n')).toBeNull();
    // the root group has no such file
    expect(parseCpuMax('')).toBeNull();
    expect(parseCfsQuota('200000\n', '100000\n')).toBe(2);
    expect(parseCfsQuota('-1\n', '100000\n')).toBeNull();
    expect(parseMemoryLimit('8589934592\n')).toBe(2 ** 33);
    expect(parseMemoryLimit('max\n')).toBeNull();
    expect(parseMemoryLimit('9223372036854771712\n')).toBeNull();
  });
});

describe('/proc/meminfo and pressure', () => {
  it('gives total, available and swap in bytes', () => {
    expect(parseMeminfo(recording('meminfo.txt'))).toEqual({
      totalBytes: 65_685_340 * 1024,
      availableBytes: 48_213_760 * 1024,
      swapTotalBytes: 8_388_604 * 1024,
      swapUsedBytes: (8_388_604 - 7_340_028) * 1024,
    });
  });

  it('adds free memory and caches up where MemAvailable is missing', () => {
    const text = 'MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 20 kB\nCached: 30 kB\n';
    expect(parseMeminfo(text)).toEqual({
      totalBytes: 1_024_000,
      availableBytes: 150 * 1024,
      swapTotalBytes: null,
      swapUsedBytes: null,
    });
    expect(parseMeminfo('')).toBeUndefined();
  });

  it('reads the share of time in which some task waited', () => {
    expect(parsePressure('some avg10=1.25 avg60=0.10 avg300=0.00 total=5\nfull avg10=9.00')).toBe(1.25);
    expect(parsePressure('')).toBeUndefined();
  });
});
