import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { createPlatformProbes } from '../../../../electron/hardware/sampling/platform-probes.ts';
import type { MachineCounters } from '../../../../electron/hardware/sampling/probe.ts';
import { createSampler } from '../../../../electron/hardware/sampling/sampler.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createFakeFiles, type FakeFiles } from '../../../support/fake-files.ts';
import { createFakeLog } from '../../../support/fake-log.ts';
import { createFakeProcesses, type FakeProcesses } from '../../../support/fake-processes.ts';
import { layTree, recording } from '../../../support/hardware-fixtures.ts';

const stat = (cores: readonly (readonly [busy: number, idle: number])[]): string =>
  [
    'cpu  0 0 0 0 0 0 0 0',
    ...cores.map(([busy, idle], cpu) => `cpu${cpu} ${busy} 0 0 ${idle} 0 0 0 0 0 0`),
  ].join('\n');

const createWorkstation = (): FakeFiles => {
  const disk = createFakeFiles({
    '/proc/stat': stat([
      [0, 0],
      [0, 0],
    ]),
    '/proc/meminfo': recording('meminfo.txt'),
    '/proc/pressure/memory': 'some avg10=0.50 avg60=0.00 avg300=0.00 total=0\n',
    '/proc/pressure/io': 'some avg10=0.00 avg60=0.00 avg300=0.00 total=1000\n',
    '/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq': '5000000\n',
    '/sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq': '800000\n',
    '/sys/class/hwmon/hwmon0/name': 'nvme\n',
    '/sys/class/hwmon/hwmon0/temp1_input': '33000\n',
    '/sys/class/hwmon/hwmon1/name': 'k10temp\n',
    '/sys/class/hwmon/hwmon1/temp1_input': '61250\n',
    '/sys/class/hwmon/hwmon1/temp1_label': 'Tctl\n',
    '/sys/class/powercap/intel-rapl:0/name': 'package-0\n',
    '/sys/class/powercap/intel-rapl:0/max_energy_range_uj': '65532610987\n',
    '/sys/class/powercap/intel-rapl:0/energy_uj': '65532000000\n',
    '/sys/class/powercap/intel-rapl:0:0/name': 'core\n',
    '/sys/class/powercap/intel-rapl:0:0/energy_uj': '1\n',
    '/sys/class/powercap/intel-rapl:1/name': 'psys\n',
    '/sys/class/powercap/intel-rapl:1/energy_uj': '1\n',
  });
  layTree(disk, 'amd-rx7900xtx');
  return disk;
};

const counters: MachineCounters = {
  cores: () => [],
  totalMemoryBytes: () => 1,
  freeMemoryBytes: () => 1,
  availableParallelism: () => 2,
  ownCpuSeconds: () => 0,
};

const start = async (disk: FakeFiles, processes: FakeProcesses = createFakeProcesses()) => {
  const clock = createFakeClock();
  let ownCpuSeconds = 0;
  const ports = { files: disk, processes, clock, log: createFakeLog(), counters };
  const probes = await createPlatformProbes(ports, 'linux', 500);
  const sampler = createSampler(probes, clock, { ownCpuSeconds: () => (ownCpuSeconds += 0.002) });
  await clock.advance(0);
  return { clock, probes, sampler };
};

describe('sampling on Linux', () => {
  it('gives every number with its source, differences from the second reading on', async () => {
    const disk = createWorkstation();
    const { clock, probes, sampler } = await start(disk);
    using _probes = probes;
    const first = await sampler.sample();
    expect(first.cpu.utilizationPercent).toBeNull();
    expect(first.reasons['cpu.utilizationPercent']).toBe('needs two readings');

    await clock.advance(500);
    disk.put(
      '/proc/stat',
      stat([
        [50, 0],
        [5, 45],
      ]),
    );
    disk.put('/proc/pressure/io', 'some avg10=0.00 avg60=0.00 avg300=0.00 total=126000\n');
    // the counter began anew: 610,987 µJ to its end and 9,389,013 more
    disk.put('/sys/class/powercap/intel-rapl:0/energy_uj', '9389013\n');
    const second = await sampler.sample();
    expect(second).toEqual({
      atMs: first.atMs + 500,
      wallMs: first.wallMs + 500,
      cpu: {
        utilizationPercent: 55,
        perCorePercent: [100, 10],
        clockMhz: (5_000 * 100 + 800 * 10) / 110,
        temperatureC: 61.25,
        packagePowerWatts: expect.closeTo(20, 6) as number,
        packageEnergyJoules: expect.closeTo(10, 6) as number,
      },
      memory: {
        usedBytes: (65_685_340 - 48_213_760) * 1024,
        availableBytes: 48_213_760 * 1024,
        swapUsedBytes: 1_048_576 * 1024,
        pressurePercent: 0.5,
      },
      // 125 ms of 500 ms in which some task waited for the disk
      pressure: { cpuPercent: null, memoryPercent: 0, ioPercent: 25 },
      gpus: [
        {
          id: 'amd:0000:03:00.0',
          utilizationPercent: 37,
          memoryUsedBytes: 2_147_483_648,
          memoryTotalBytes: 25_753_026_560,
          temperatureC: 45,
          powerWatts: 150,
          energyJoules: null,
          coreClockMhz: 2_343,
          memoryClockMhz: 1_249,
          fanPercent: 20,
          throttleReasons: null,
        },
      ],
      samplerCpuShare: expect.closeTo(0.004, 6) as number,
      reasons: {
        'pressure.cpuPercent': 'this kernel keeps no pressure-stall information (CONFIG_PSI)',
        'gpus.0.energyJoules': 'this board has no energy counter that Dyno reads',
        'gpus.0.throttleReasons': 'amdgpu tells throttling only in a binary table that Dyno does not read',
      },
      sources: {
        'cpu.utilizationPercent': '/proc/stat',
        'cpu.perCorePercent': '/proc/stat',
        'cpu.clockMhz': 'cpufreq, weighted by load',
        'cpu.temperatureC': 'hwmon k10temp Tctl',
        'cpu.packagePowerWatts': 'RAPL package-0',
        'cpu.packageEnergyJoules': 'RAPL package-0',
        'memory.usedBytes': '/proc/meminfo',
        'memory.availableBytes': '/proc/meminfo',
        'memory.swapUsedBytes': '/proc/meminfo',
        'memory.pressurePercent': '/proc/pressure/memory',
        'pressure.memoryPercent': '/proc/pressure/memory',
        'pressure.ioPercent': '/proc/pressure/io',
        'gpus.0.utilizationPercent': 'sysfs gpu_busy_percent',
        'gpus.0.memoryUsedBytes': 'sysfs mem_info_vram_used',
        'gpus.0.memoryTotalBytes': 'sysfs mem_info_vram_total',
        'gpus.0.temperatureC': 'sysfs hwmon/temp1_input',
        'gpus.0.powerWatts': 'sysfs hwmon/power1_average',
        'gpus.0.coreClockMhz': 'sysfs hwmon/freq1_input',
        'gpus.0.memoryClockMhz': 'sysfs hwmon/freq2_input',
        'gpus.0.fanPercent': 'sysfs hwmon/pwm1',
        samplerCpuShare: 'CPU time of the telemetry process, without nvidia-smi and other programs it starts',
      },
    });
  });

  it.each([
    ['the energy counter', 'energy_uj'],
    ['its range, without which it cannot be followed past its end,', 'max_energy_range_uj'],
  ])('says how to allow %s that only root may read', async (_what, file) => {
    const disk = createWorkstation();
    disk.fail(`/sys/class/powercap/intel-rapl:0/${file}`, 'read', new AppError('files.not-allowed'));
    const { probes, sampler } = await start(disk);
    using _probes = probes;
    const { cpu, reasons } = await sampler.sample();
    expect(cpu.packageEnergyJoules).toBeNull();
    expect(reasons['cpu.packagePowerWatts']).toContain('sudo chmod -R a+r /sys/class/powercap/intel-rapl*');
  });

  it('has a reason for every unknown number of a bare virtual machine', async () => {
    const { probes, sampler } = await start(createFakeFiles());
    using _probes = probes;
    const sample = await sampler.sample();
    const unknown = [
      ...Object.entries(sample.cpu).map(([key, value]): [string, unknown] => [`cpu.${key}`, value]),
      ...Object.entries(sample.memory).map(([key, value]): [string, unknown] => [`memory.${key}`, value]),
    ].filter(([, value]) => value === null);
    expect(unknown.map(([path]) => path).filter((path) => !(path in sample.reasons))).toEqual([]);
    expect(unknown).toHaveLength(8);
    expect(sample.gpus).toEqual([]);
  });

  it('leaves the sensors of a sleeping card alone', async () => {
    const disk = createWorkstation();
    const card = '/sys/devices/pci0000:00/0000:00:01.1/0000:03:00.0';
    disk.put(`${card}/power/runtime_status`, 'suspended\n');
    const { probes, sampler } = await start(disk);
    using _probes = probes;
    const sample = await sampler.sample();
    expect(sample.gpus[0]).toMatchObject({ utilizationPercent: null, powerWatts: null });
    expect(disk.reads.filter((path) => /gpu_busy_percent|power1_average/.test(path))).toEqual([]);
  });
});

describe('a big machine', () => {
  it('has the clocks of sixteen cores read, spread evenly, and not of all', async () => {
    const disk = createFakeFiles();
    for (let cpu = 0; cpu < 128; cpu += 1)
      disk.put(`/sys/devices/system/cpu/cpu${cpu}/cpufreq/scaling_cur_freq`, '2000000\n');
    const { probes, sampler } = await start(disk);
    using _probes = probes;
    const before = disk.reads.length;
    expect((await sampler.sample()).cpu.clockMhz).toBe(2_000);
    const read = disk.reads.slice(before).filter((path) => path.endsWith('scaling_cur_freq'));
    expect(read).toHaveLength(16);
  });
});

describe('NVIDIA cards', () => {
  const [h100 = '', h200 = ''] = recording('nvidia-h100-h200.csv').split('\n');

  it('come from one nvidia-smi that keeps running, without the fields its driver refuses', async () => {
    const clockStopped = Promise.withResolvers<never>();
    const processes = createFakeProcesses({
      run: {
        'nvidia-smi': ([query = '']) =>
          query.includes('clocks_event_reasons.active')
            ? { exitCode: 2, stdout: recording('nvidia-refused-field.txt'), stderr: '' }
            : { exitCode: 0, stdout: `${h100}\n${h200}\n`, stderr: '' },
      },
      lines: {
        'nvidia-smi': async function* () {
          yield h100;
          yield h200;
          await clockStopped.promise;
        },
      },
    });
    const { clock, probes, sampler } = await start(createFakeFiles(), processes);
    using _probes = probes;
    const { gpus } = await sampler.sample();
    expect(gpus.map(({ utilizationPercent, powerWatts }) => [utilizationPercent, powerWatts])).toEqual([
      [37, 312.45],
      [0, 75.11],
    ]);
    expect(processes.commands.at(-1)).toMatch(
      /clocks_throttle_reasons\.active --format=csv,noheader,nounits --loop-ms=500$/,
    );

    await clock.advance(10_000);
    const silent = await sampler.sample();
    expect(silent.gpus[0]).toMatchObject({ powerWatts: null, memoryTotalBytes: 81_559 * 2 ** 20 });
    expect(silent.reasons['gpus.0.powerWatts']).toBe('nvidia-smi has been silent for 10 s');
  });

  it('are read again after nvidia-smi ended by itself', async () => {
    const processes = createFakeProcesses({
      run: { 'nvidia-smi': () => ({ exitCode: 0, stdout: h100, stderr: '' }) },
      lines: { 'nvidia-smi': () => [h100] },
    });
    const { clock, probes } = await start(createFakeFiles(), processes);
    using _probes = probes;
    await clock.advance(11_000);
    expect(processes.commands.filter((command) => command.includes('--loop-ms'))).toHaveLength(3);
  });

  it('without a driver are shown with the reason', async () => {
    const disk = createFakeFiles({
      '/sys/bus/pci/devices/0000:01:00.0/class': '0x030000\n',
      '/sys/bus/pci/devices/0000:01:00.0/vendor': '0x10de\n',
      '/sys/bus/pci/devices/0000:01:00.0/device': '0x2684\n',
      '/sys/bus/pci/devices/0000:01:00.0/uevent': 'DRIVER=nouveau\n',
    });
    const { probes, sampler } = await start(disk);
    using _probes = probes;
    const { gpus, reasons } = await sampler.sample();
    expect(gpus).toMatchObject([{ id: 'nvidia:0000:01:00.0', utilizationPercent: null }]);
    expect(reasons['gpus.0.utilizationPercent']).toBe(
      'nvidia-smi is not installed: install the NVIDIA driver',
    );
  });
});
