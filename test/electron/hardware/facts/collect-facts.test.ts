import { describe, expect, it } from 'vitest';
import { collectFacts } from '../../../../electron/hardware/facts/collect-facts.ts';
import {
  machineFactsSchema,
  type SystemInformation,
} from '../../../../electron/hardware/facts/machine-facts.ts';
import type { MachineCounters } from '../../../../electron/hardware/sampling/probe.ts';
import { createFakeFiles, type FakeFiles } from '../../../support/fake-files.ts';
import { createFakeProcesses, type FakeProcesses } from '../../../support/fake-processes.ts';
import { layTree, recording } from '../../../support/hardware-fixtures.ts';

const nothing: SystemInformation = {
  osName: 'Debian GNU/Linux 12',
  osRelease: '6.12.1',
  cpuModel: null,
  cpuVendor: null,
  physicalCores: null,
  performanceCores: null,
  baseClockMhz: null,
  maxClockMhz: null,
  l3CacheBytes: null,
  cpuFlags: [],
  memoryKind: 'DDR5',
  memorySpeedMtps: 6_000,
  swapTotalBytes: null,
};

const collect = async (
  machine: {
    readonly files?: FakeFiles;
    readonly processes?: FakeProcesses;
    readonly platform?: 'linux' | 'darwin' | 'win32';
    readonly information?: Partial<SystemInformation>;
    readonly cpus?: number;
  } = {},
) => {
  const cpus = machine.cpus ?? 4;
  const counters: MachineCounters = {
    cores: () => Array.from({ length: cpus }, (_, cpu) => ({ cpu, busy: 0, total: 0 })),
    totalMemoryBytes: () => 48 * 2 ** 30,
    freeMemoryBytes: () => 20 * 2 ** 30,
    availableParallelism: () => cpus,
    ownCpuSeconds: () => 0,
  };
  const facts = await collectFacts(
    {
      files: machine.files ?? createFakeFiles(),
      processes: machine.processes ?? createFakeProcesses(),
      counters,
      systemInformation: () => Promise.resolve({ ...nothing, ...machine.information }),
    },
    { platform: machine.platform ?? 'linux', arch: 'x64' },
    new AbortController().signal,
  );
  return machineFactsSchema.parse(facts);
};

const topology = (
  cpu: number,
  siblings: string,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> => {
  const folder = `/sys/devices/system/cpu/cpu${cpu}`;
  return {
    [`${folder}/topology/thread_siblings_list`]: `${siblings}\n`,
    ...Object.fromEntries(Object.entries(more).map(([file, text]) => [`${folder}/${file}`, text])),
  };
};

describe('the facts of a Linux machine', () => {
  it('tell cores, caches, features and memory of an AMD workstation', async () => {
    const cache = { 'cache/index3/size': '32768K\n', 'cache/index3/shared_cpu_list': '0-3\n' };
    const files = createFakeFiles({
      '/proc/cpuinfo': recording('cpuinfo-amd.txt'),
      '/proc/meminfo': recording('meminfo.txt'),
      '/proc/self/status': 'Name:\tnode\nCpus_allowed_list:\t0-3\n',
      '/proc/self/cgroup': '0::/\n',
      ...topology(0, '0,2', {
        ...cache,
        'cpufreq/base_frequency': '4500000\n',
        'cpufreq/cpuinfo_max_freq': '5881000\n',
      }),
      ...topology(1, '1,3', cache),
      ...topology(2, '0,2', cache),
      ...topology(3, '1,3', cache),
    });
    const facts = await collect({ files });
    expect(facts.cpu).toMatchObject({
      model: 'AMD Ryzen 9 7950X 16-Core Processor',
      vendor: 'AuthenticAMD',
      physicalCores: 2,
      logicalCores: 4,
      performanceCores: null,
      usableCores: 4,
      baseClockMhz: 4_500,
      maxClockMhz: 5_881,
      l3CacheBytes: 32 * 2 ** 20,
    });
    expect(facts.memory).toEqual({
      totalBytes: 65_685_340 * 1024,
      availableBytes: 48_213_760 * 1024,
      swapTotalBytes: 8_388_604 * 1024,
      kind: 'DDR5',
      speedMtps: 6_000,
    });
    expect(facts).toMatchObject({
      nvidia: { type: 'not-installed' },
      limits: { cpus: null, memoryBytes: null },
      gpus: [],
    });
  });

  it('count the fast cores of a hybrid Intel CPU by their hyper-threads', async () => {
    const files = createFakeFiles({
      '/proc/cpuinfo': recording('cpuinfo-intel-old.txt'),
      '/sys/devices/cpu_core/cpus': '0-3\n',
      '/sys/devices/cpu_atom/cpus': '4-5\n',
      ...topology(0, '0-1'),
      ...topology(1, '0-1'),
      ...topology(2, '2-3'),
      ...topology(3, '2-3'),
      ...topology(4, '4'),
      ...topology(5, '5'),
    });
    expect((await collect({ files })).cpu).toMatchObject({ physicalCores: 4, performanceCores: 2 });
  });

  it('count the fast cores of an ARM CPU by their capacity', async () => {
    const files = createFakeFiles({
      '/proc/cpuinfo': recording('cpuinfo-gb10.txt'),
      ...topology(0, '0', { cpu_capacity: '500\n' }),
      ...topology(1, '1', { cpu_capacity: '980\n' }),
      ...topology(2, '2', { cpu_capacity: '1024\n' }),
    });
    expect((await collect({ files })).cpu).toMatchObject({ physicalCores: 3, performanceCores: 2 });
  });

  it('keep to the limits of a container', async () => {
    const files = createFakeFiles({
      '/proc/cpuinfo': recording('cpuinfo-amd.txt'),
      '/proc/meminfo': recording('meminfo.txt'),
      '/proc/self/cgroup': '0::/box\n',
      '/sys/fs/cgroup/box/cpu.max': '250000 100000\n',
      '/sys/fs/cgroup/box/memory.max': `${8 * 2 ** 30}\n`,
      '/sys/fs/cgroup/box/memory.current': `${3 * 2 ** 30}\n`,
    });
    const facts = await collect({ files });
    expect(facts.cpu.usableCores).toBe(2);
    expect(facts.limits).toEqual({ cpus: 2.5, memoryBytes: 8 * 2 ** 30 });
    expect(facts.memory.availableBytes).toBe(5 * 2 ** 30);
  });

  it('keep to the limits of cgroup version 1', async () => {
    const files = createFakeFiles({
      '/proc/self/cgroup': '4:memory:/docker/x\n2:cpu:/docker/x\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '100000\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
    });
    expect((await collect({ files })).limits).toEqual({ cpus: 1, memoryBytes: null });
  });

  it('list NVIDIA, AMD and Intel cards with names, drivers and memory', async () => {
    const files = createFakeFiles({ '/usr/share/misc/pci.ids': recording('pci.ids') });
    layTree(files, 'amd-mi300x');
    layTree(files, 'amd-apu');
    layTree(files, 'intel-arc-xe');
    const processes = createFakeProcesses({
      run: { 'nvidia-smi': () => ({ exitCode: 0, stdout: recording('nvidia-h100-h200.csv'), stderr: '' }) },
    });
    const { gpus } = await collect({ files, processes });
    expect(gpus.map(({ name, source, isUnified }) => [name, source, isUnified])).toEqual([
      ['NVIDIA H100 80GB HBM3', 'nvidia-smi', false],
      ['NVIDIA H200', 'nvidia-smi', false],
      ['Intel Arc B580', 'sysfs', false],
      ['AMD Instinct MI300X OAM', 'sysfs', false],
      ['AMD Radeon 8050S/8060S Graphics', 'sysfs', true],
    ]);
    expect(gpus[3]).toMatchObject({
      id: 'amd:0000:85:00.0',
      totalMemoryBytes: 206_141_652_992,
      freeMemoryBytes: 206_141_652_992 - 152_471_339_008,
      driver: 'amdgpu (Linux 6.12.1)',
    });
    expect(gpus[2]).toMatchObject({ totalMemoryBytes: null, freeMemoryBytes: null });
  });

  it('give a GPU that shares the memory the memory of the machine', async () => {
    const files = createFakeFiles({ '/proc/meminfo': recording('meminfo.txt') });
    const processes = createFakeProcesses({
      run: { 'nvidia-smi': () => ({ exitCode: 0, stdout: recording('nvidia-gb10.csv'), stderr: '' }) },
    });
    expect((await collect({ files, processes })).gpus).toMatchObject([
      {
        name: 'NVIDIA GB10',
        isUnified: true,
        totalMemoryBytes: 65_685_340 * 1024,
        freeMemoryBytes: 48_213_760 * 1024,
      },
    ]);
  });

  it('leave out displays that cannot compute', async () => {
    const files = createFakeFiles({
      '/sys/bus/pci/devices/0000:00:01.0/class': '0x030000\n',
      '/sys/bus/pci/devices/0000:00:01.0/vendor': '0x1a03\n',
      '/sys/bus/pci/devices/0000:00:02.0/class': '0x010802\n',
      '/sys/bus/pci/devices/0000:00:02.0/vendor': '0x10de\n',
    });
    const facts = await collect({ files });
    expect(facts.gpus).toEqual([]);
    expect(facts.cardDrivers).toEqual([]);
  });
});

describe('the facts of other systems', () => {
  it('come from sysctl and ioreg on a Mac', async () => {
    const answer = (stdout: string) => () => ({ exitCode: 0, stdout, stderr: '' });
    const processes = createFakeProcesses({
      run: {
        sysctl: answer(recording('sysctl-m4-pro.txt')),
        ioreg: answer(recording('ioreg-m4-pro.xml')),
        vm_stat: answer(recording('vm-stat.txt')),
      },
    });
    const facts = await collect({
      processes,
      platform: 'darwin',
      cpus: 14,
      information: { cpuModel: 'Apple M4 Pro', cpuVendor: 'Apple', physicalCores: 14, osRelease: '25.0.0' },
    });
    expect(facts.cpu).toMatchObject({
      model: 'Apple M4 Pro',
      physicalCores: 14,
      performanceCores: 10,
      features: ['neon', 'fp16', 'dotprod', 'bf16', 'i8mm', 'sme'],
    });
    expect(facts.memory.availableBytes).toBe(16_384 * 430_000);
    expect(facts.gpus).toMatchObject([
      {
        id: 'apple:0',
        name: 'Apple M4 Pro (16 GPU cores)',
        isUnified: true,
        totalMemoryBytes: 48 * 2 ** 30,
        driver: 'macOS 25.0.0',
      },
    ]);
  });

  it('come from the registry and the kernel on Windows', async () => {
    const answer = (stdout: string) => () => ({ exitCode: 0, stdout, stderr: '' });
    const processes = createFakeProcesses({
      run: {
        reg: answer(recording('directx-registry.txt')),
        powershell: answer('13 True\r\n36 True\r\n38 True\r\n39 True\r\n40 True\r\n41 False\r\n'),
      },
    });
    const facts = await collect({
      processes,
      platform: 'win32',
      information: { physicalCores: 8, swapTotalBytes: 4 * 2 ** 30 },
    });
    expect(facts.cpu).toMatchObject({
      physicalCores: 8,
      features: ['sse3', 'ssse3', 'sse42', 'avx', 'avx2'],
    });
    expect(facts.memory.swapTotalBytes).toBe(4 * 2 ** 30);
    expect(facts.gpus).toMatchObject([
      { vendor: 'amd', name: 'AMD Radeon RX 7900 XTX', totalMemoryBytes: 0x5fcc00000, freeMemoryBytes: null },
      { vendor: 'intel', isUnified: true, totalMemoryBytes: 48 * 2 ** 30, freeMemoryBytes: 20 * 2 ** 30 },
    ]);
  });
});
