import { describe, expect, it } from 'vitest';
import { createPlatformProbes } from '../../../../electron/hardware/sampling/platform-probes.ts';
import type { MachineCounters } from '../../../../electron/hardware/sampling/probe.ts';
import { createSampler } from '../../../../electron/hardware/sampling/sampler.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createFakeFiles } from '../../../support/fake-files.ts';
import { createFakeLog } from '../../../support/fake-log.ts';
import { createFakeProcesses, type FakeProcesses } from '../../../support/fake-processes.ts';
import { recording } from '../../../support/hardware-fixtures.ts';

/** Two cores, the first always busy. */
const createCounters = (): MachineCounters => {
  let reads = 0;
  return {
    cores: () => {
      reads += 1;
      return [
        { cpu: 0, busy: reads * 100, total: reads * 100 },
        { cpu: 1, busy: 0, total: reads * 100 },
      ];
    },
    totalMemoryBytes: () => 48 * 2 ** 30,
    freeMemoryBytes: () => 8 * 2 ** 30,
    availableParallelism: () => 2,
    ownCpuSeconds: () => 0,
  };
};

const start = async (platform: 'darwin' | 'win32' | 'other', processes: FakeProcesses) => {
  const clock = createFakeClock();
  const counters = createCounters();
  const ports = { files: createFakeFiles(), processes, clock, log: createFakeLog(), counters };
  const probes = await createPlatformProbes(ports, platform, 500);
  const sampler = createSampler(probes, clock, counters);
  await sampler.sample();
  await clock.advance(500);
  return { clock, probes, sampler };
};

const answer = (stdout: string) => () => ({ exitCode: 0, stdout, stderr: '' });

describe('sampling on a Mac', () => {
  it('gives load, memory, swap and GPU, and the reason for the rest', async () => {
    const processes = createFakeProcesses({
      run: {
        ioreg: answer(recording('ioreg-m4-pro.xml')),
        vm_stat: answer(recording('vm-stat.txt')),
        sysctl: answer(recording('sysctl-m4-pro.txt')),
      },
    });
    const { probes, sampler } = await start('darwin', processes);
    using _probes = probes;
    const sample = await sampler.sample();
    expect(sample.cpu).toMatchObject({
      utilizationPercent: 50,
      perCorePercent: [100, 0],
      temperatureC: null,
    });
    expect(sample.memory).toEqual({
      usedBytes: 48 * 2 ** 30 - 16_384 * 430_000,
      availableBytes: 16_384 * 430_000,
      swapUsedBytes: 512.25 * 2 ** 20,
      pressurePercent: null,
    });
    expect(sample.gpus).toMatchObject([
      {
        id: 'apple:0',
        utilizationPercent: 12,
        memoryUsedBytes: 1_270_726_656,
        memoryTotalBytes: 48 * 2 ** 30,
      },
    ]);
    expect(sample.reasons['cpu.packagePowerWatts']).toBe('macOS tells it to root only (powermetrics)');
    expect(sample.sources['gpus.0.memoryTotalBytes']).toBe("the system's memory, which the GPU shares");
  });

  it('asks its tools at their own pace, not at every sample', async () => {
    const processes = createFakeProcesses({ run: { ioreg: answer(recording('ioreg-m4-pro.xml')) } });
    const { clock, probes, sampler } = await start('darwin', processes);
    using _probes = probes;
    for (let round = 0; round < 8; round += 1) {
      await clock.advance(500);
      await sampler.sample();
    }
    expect(processes.commands.filter((command) => command.startsWith('ioreg'))).toHaveLength(5);
  });
});

describe('sampling on Windows', () => {
  it('gives the load of each adapter through counters in the system’s language', async () => {
    const processes = createFakeProcesses({
      run: {
        reg: (args) => {
          const key = args[1] ?? '';
          const file = key.endsWith('009')
            ? 'perflib-en'
            : key.endsWith('CurrentLanguage')
              ? 'perflib-de'
              : 'directx-registry';
          return { exitCode: 0, stdout: recording(`${file}.txt`), stderr: '' };
        },
        typeperf: answer(recording('typeperf-en.txt')),
      },
    });
    const { probes, sampler } = await start('win32', processes);
    using _probes = probes;
    const sample = await sampler.sample();
    expect(sample.gpus).toMatchObject([
      {
        id: 'amd:0x00000000_0x0000d1a2',
        utilizationPercent: 71.5,
        memoryUsedBytes: 2_479_771_648,
        memoryTotalBytes: 0x5fcc00000,
        temperatureC: null,
      },
      {
        id: 'intel:0x00000000_0x0000a18d',
        utilizationPercent: 1,
        memoryUsedBytes: null,
        memoryTotalBytes: 48 * 2 ** 30,
      },
    ]);
    expect(processes.commands.find((command) => command.startsWith('typeperf'))).toBe(
      'typeperf \\GPU-Modul(*)\\Nutzung in Prozent \\GPU Adapter Memory(*)\\Dedicated Usage -si 1 -sc 2',
    );
    expect(sample.memory.usedBytes).toBe(40 * 2 ** 30);
  });
});

describe('sampling on a system Dyno does not know', () => {
  it('still gives load and memory', async () => {
    const { probes, sampler } = await start('other', createFakeProcesses());
    using _probes = probes;
    expect(await sampler.sample()).toMatchObject({
      cpu: { utilizationPercent: 50, clockMhz: null },
      memory: { usedBytes: 40 * 2 ** 30 },
      gpus: [],
    });
  });
});
