import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readAmdGpu } from '../../../../electron/hardware/vendors/amd.ts';
import { intelCounters, readIntelGpu } from '../../../../electron/hardware/vendors/intel.ts';
import {
  parseIoreg,
  parseSwapUsage,
  parseSysctl,
  parseVmStat,
  sysctlFeatures,
} from '../../../../electron/hardware/vendors/apple.ts';
import { parseCgroupPaths } from '../../../../electron/platform/node/cgroup.ts';
import { llamaFeatures } from '../../../../electron/hardware/vendors/cpu-features.ts';
import { parseClocksMhz, parseCpuinfo, parseProcStat } from '../../../../electron/hardware/vendors/cpu.ts';
import {
  parseMeminfo,
  parsePressure,
  parsePressureTotal,
} from '../../../../electron/hardware/vendors/memory.ts';
import {
  parseNvidiaLine,
  parseThrottleMask,
  readNvidiaProblem,
} from '../../../../electron/hardware/vendors/nvidia.ts';
import {
  parseDirectXAdapters,
  parseTypeperf,
  readGpuUse,
} from '../../../../electron/hardware/vendors/windows.ts';
import { recording } from '../../../support/hardware-fixtures.ts';

const recorded = (name: string): string => recording(`recorded/${name}`);

const nvidiaSchema = z.array(
  z.object({ source: z.string(), fields: z.array(z.string()), lines: z.array(z.string()) }),
);

/** The cards of one thread. Dyno always asks for the index first; where the poster did not, it is put there. */
const nvidiaCards = (source: string) =>
  nvidiaSchema
    .parse(JSON.parse(recorded('nvidia-smi.json')))
    .filter((each) => each.source === source)
    .flatMap(({ fields, lines }) =>
      fields[0] === 'index'
        ? lines.flatMap((line) => parseNvidiaLine(line, fields) ?? [])
        : lines.flatMap((line) => parseNvidiaLine(`0, ${line}`, ['index', ...fields]) ?? []),
    );

describe('nvidia-smi on real cards', () => {
  it('gives numbers and reasons of a card under the words of an older and a newer driver', () => {
    const cards = nvidiaCards('enkore/i3pystatus#776');
    expect(cards.map(({ fanPercent }) => fanPercent)).toEqual([
      { value: null, reason: 'nvidia-smi says [Not Supported]' },
      { value: null, reason: 'nvidia-smi says [N/A]' },
    ]);
    for (const card of cards)
      expect(card).toMatchObject({
        memoryTotalBytes: { value: 2_004 * 2 ** 20 },
        memoryUsedBytes: { value: 0 },
        temperatureC: { value: 44 },
        utilizationPercent: { value: 0 },
      });
  });

  it('reads a card that tells little, with a percent sign where none was asked for', () => {
    expect(nvidiaCards('tutulino/Megaminer#235')).toMatchObject([
      {
        name: 'GeForce GTX 770',
        fanPercent: { value: 52 },
        temperatureC: { value: 52 },
        powerWatts: { value: null, reason: 'nvidia-smi says [Not Supported]' },
      },
    ]);
  });

  it('reads watts with decimals, older field names and a bare N/A', () => {
    expect(nvidiaCards('Quake4/MindMiner#627')).toMatchObject([
      { powerWatts: { value: 228.82 }, coreClockMhz: { value: 1_560 }, memoryClockMhz: { value: 6_800 } },
    ]);
    expect(nvidiaCards('Ricks-Lab/gpu-utils#83')).toMatchObject([
      {
        id: 'nvidia:GPU-22b2c6ac-2d49-4863-197c-9c469071178a',
        name: 'GeForce RTX 2080',
        driver: '440.64',
        powerWatts: { value: 176.98 },
        memoryClockMhz: { value: 7_199 },
        fanPercent: { value: 100 },
      },
    ]);
  });

  it('reads every sample of a loop with a header and units', () => {
    const samples = nvidiaCards('lestofante/ksysguard-gpu#27');
    expect(samples.map(({ powerWatts, coreClockMhz }) => [powerWatts.value, coreClockMhz.value])).toEqual([
      [83.92, 1_320],
      [78.22, 1_470],
      [84.77, 1_470],
      [78.63, 1_410],
      [83.67, 1_410],
      [77.39, 1_275],
      [82.81, 1_275],
      [77, 1_245],
      [82.64, 1_245],
      [76.64, 1_185],
      [82.4, 1_185],
      [77.8, 1_440],
      [83.43, 1_440],
    ]);
  });

  it('keeps memory unknown that an unprivileged container may not see', () => {
    const [card] = nvidiaCards('Stability-AI/StableSwarmUI#388');
    expect(card).toMatchObject({
      driver: '535.161.08',
      isUnified: false,
      memoryTotalBytes: { value: null, reason: 'nvidia-smi says [Insufficient Permissions]' },
      utilizationPercent: { value: null, reason: 'nvidia-smi says [N/A]' },
      temperatureC: { value: 47 },
    });
  });

  it('knows that a DGX Spark shares its memory', () => {
    expect(nvidiaCards('unslothai/unsloth#10703')).toMatchObject([
      { name: 'NVIDIA GB10', isUnified: true, memoryTotalBytes: { value: null } },
    ]);
  });

  it('reads the mask of all reasons that a GTX 1080 can tell (NVIDIA/nvidia-settings#80)', () => {
    expect(parseThrottleMask('0x00000000000001FF')).toHaveLength(7);
  });

  it('says the next step for each message that was seen', () => {
    const messages = z
      .array(z.object({ text: z.string() }))
      .parse(JSON.parse(recorded('nvidia-messages.json')))
      .map(({ text }) => readNvidiaProblem(text)?.fix);
    expect(messages).toEqual([
      expect.stringContaining('start the container anew'),
      expect.stringContaining('Restart the computer'),
      'Restart the computer.',
    ]);
  });
});

const amdCard = (source: string) => {
  const cards = z
    .array(z.object({ source: z.string(), files: z.record(z.string(), z.string()) }))
    .parse(JSON.parse(recorded('amd-sysfs.json')));
  const files = cards.find((each) => each.source === source)?.files ?? {};
  return readAmdGpu(new Map(Object.entries(files).map(([name, text]) => [name, { text: text.trim() }])));
};

describe('amdgpu on real cards', () => {
  it('takes VRAM alone for a discrete card, whose GTT is as large', () => {
    expect(amdCard('Ricks-Lab/gpu-utils#118').memoryTotalBytes.value).toBe(4 * 2 ** 30);
  });

  it('reads clocks, power and fans in their units', () => {
    expect(amdCard('lm-sensors/lm-sensors#261')).toMatchObject({
      coreClockMhz: { value: 352 },
      memoryClockMhz: { value: 300 },
      powerWatts: { value: 9.103, source: 'sysfs hwmon/power1_average' },
    });
    expect(amdCard('xmrig/xmrig#2066')).toMatchObject({
      coreClockMhz: { value: 1_016 },
      powerWatts: { value: 120.036 },
      fanPercent: { value: null, reason: 'the fan has no known maximum' },
    });
  });

  it('trusts the fan’s drive over its tachometer, which some cards lack', () => {
    expect(amdCard('lm-sensors/lm-sensors#378').fanPercent.value).toBeCloseTo(43.9, 1);
  });
});

describe('i915 on a real machine', () => {
  it('gives the clock and the time asleep of an HD Graphics 530', () => {
    const files = z.record(z.string(), z.string()).parse(JSON.parse(recorded('intel-hd530.json')));
    const texts = new Map(Object.entries(files).map(([name, text]) => [name, { text: text.trim() }]));
    const now = intelCounters(texts, 1_000);
    expect(now).toEqual({ atMs: 1_000, idleMs: 26_396_254, energyMicrojoules: null });
    const before = { ...now, atMs: 0, idleMs: 26_395_354 };
    const gpu = readIntelGpu(texts, now, { isIntegrated: true, before });
    expect(gpu.utilizationPercent.value).toBeCloseTo(10);
    expect(gpu).toMatchObject({
      coreClockMhz: { value: 350, source: 'sysfs gt/gt0/rps_act_freq_mhz' },
      powerWatts: { value: null, reason: 'the driver has no energy counter for this GPU' },
    });
  });
});

describe('ioreg on real Macs', () => {
  it('reads an M1 Pro', () => {
    expect(parseIoreg(recorded('ioreg-m1-pro.xml'))).toMatchObject([
      {
        name: 'AGXAcceleratorG13X',
        isUnified: true,
        utilizationPercent: { value: 2 },
        memoryUsedBytes: { value: 340_983_808 },
      },
    ]);
  });

  it('does not take the zeros of a driver without sensors for readings', () => {
    const [card] = parseIoreg(recorded('ioreg-rx5500.xml'));
    const blind = (key: string) => ({
      value: null,
      reason: `ioreg says 0 for "${key}", as for every sensor of this card: its driver reads none`,
    });
    expect(card).toMatchObject({
      utilizationPercent: blind('GPU Activity(%)'),
      coreClockMhz: blind('Core Clock(MHz)'),
      memoryClockMhz: blind('Memory Clock(MHz)'),
      fanPercent: blind('Fan Speed(%)'),
      temperatureC: { value: null },
      isUnified: false,
      memoryTotalBytes: { value: null },
      memoryUsedBytes: { value: 435_888_128 },
    });
  });
});

describe('sysctl and vm_stat on real Macs', () => {
  it('finds half-precision arithmetic under the name of macOS 11', () => {
    expect(llamaFeatures(sysctlFeatures(parseSysctl(recorded('sysctl-m1-macos11.txt'))))).toEqual([
      'neon',
      'fp16',
    ]);
  });

  it('finds features and performance cores under today’s names', () => {
    const values = parseSysctl(recorded('sysctl-m4.txt'));
    expect(values.get('hw.perflevel0.physicalcpu')).toBe('8');
    expect(llamaFeatures(sysctlFeatures(values))).toEqual(['dotprod']);
  });

  it('reads swap with decimal commas', () => {
    expect(parseSwapUsage(parseSysctl(recorded('swapusage-comma.txt')).get('vm.swapusage') ?? '')).toEqual({
      totalBytes: 1_024 * 2 ** 20,
      usedBytes: 379.25 * 2 ** 20,
    });
  });

  it('counts speculative pages as available and purgeable ones only once', () => {
    expect(parseVmStat(recorded('vm-stat-intel.txt'))?.availableBytes).toBe(
      4_096 * (6_127_229 + 430_715 + 628_646),
    );
  });
});

describe('real Windows machines', () => {
  it('give zero for an engine that rests', () => {
    const table = parseTypeperf(recorded('typeperf-cuda.txt'));
    expect(table?.rows).toEqual([[0], [0], [0]]);
    expect(table === undefined ? [] : readGpuUse(table)).toEqual([
      { luid: '0x00000000_0x000154c7', utilizationPercent: 0, memoryUsedBytes: null },
    ]);
  });

  it('speak the language of the system in names only, not in figures', () => {
    expect(parseTypeperf(recorded('typeperf-french.txt'))).toEqual({
      columns: ['Informations sur le processeur(_Total)\\Pourcentage de rendement du processeur'],
      rows: [[1.306871], [1.470899], [1.409267]],
    });
  });

  it('name an APU’s adapter as its counters do, and it shares the memory of the system', () => {
    expect(parseDirectXAdapters(recorded('directx-8060s.txt'))).toMatchObject([
      { name: 'AMD Radeon(TM) 8060S Graphics', luid: '0x00000000_0x0001532a', isIntegrated: true },
    ]);
  });
});

describe('/proc/cpuinfo of real ARM machines', () => {
  it.each([
    ['cpuinfo-gb10', 'ARM', 'Cortex-A725', ['neon', 'fp16', 'dotprod', 'bf16', 'i8mm', 'sve', 'sve2'], 2],
    ['cpuinfo-snapdragon-x', 'Qualcomm', 'Oryon', ['neon', 'fp16', 'dotprod', 'bf16', 'i8mm'], 1],
    [
      'cpuinfo-snapdragon-x2',
      'Qualcomm',
      'Oryon V3',
      ['neon', 'fp16', 'dotprod', 'bf16', 'i8mm', 'sve', 'sve2'],
      1,
    ],
    ['cpuinfo-snapdragon-865', 'Qualcomm', 'Kryo 4xx Silver', ['neon', 'fp16', 'dotprod'], 1],
  ])('gives the cores and the features of %s', (file, vendor, model, features, logicalCores) => {
    const info = parseCpuinfo(recorded(`${file}.txt`));
    expect(info).toMatchObject({ vendor, model, logicalCores, physicalCores: null });
    expect(llamaFeatures(info.flags)).toEqual(features);
  });
});

describe('a virtual machine of this project', () => {
  it('is read from /proc', () => {
    const info = parseCpuinfo(recorded('linux-vm/cpuinfo.txt'));
    expect(info).toMatchObject({ model: 'Intel(R) Xeon(R) Processor', physicalCores: 2, logicalCores: 2 });
    expect(llamaFeatures(info.flags)).toContain('amx_int8');
    expect(parseClocksMhz(recorded('linux-vm/cpuinfo.txt'))).toEqual([2_600, 2_600]);
    expect(parseMeminfo(recorded('linux-vm/meminfo.txt'))).toMatchObject({
      totalBytes: 24_684_084 * 1_024,
      swapTotalBytes: 0,
      swapUsedBytes: 0,
    });
    expect(parseProcStat(recorded('linux-vm/stat.txt'))?.cores).toHaveLength(2);
  });

  it('has pressure and the cgroups of version 1', () => {
    expect(parsePressure(recorded('linux-vm/pressure-cpu.txt'))).toBeGreaterThan(0);
    expect(parsePressureTotal(recorded('linux-vm/pressure-memory.txt'))).toBeGreaterThan(0);
    expect(parseCgroupPaths(recorded('linux-vm/self-cgroup.txt'))).toEqual({
      version: 1,
      cpu: ['/sys/fs/cgroup/cpu'],
      memory: ['/sys/fs/cgroup/memory/job/5f3a9c', '/sys/fs/cgroup/memory/job', '/sys/fs/cgroup/memory'],
    });
  });
});
