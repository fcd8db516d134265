import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readAmdGpu } from '../../../../electron/hardware/vendors/amd.ts';
import { intelCounters, readIntelGpu } from '../../../../electron/hardware/vendors/intel.ts';
import type { FileText } from '../../../../electron/hardware/vendors/sysfs-texts.ts';
import { recording } from '../../../support/hardware-fixtures.ts';

const treeSchema = z.object({ files: z.record(z.string(), z.string()) });

/** The recorded files as the collector hands them to the parsers: the hwmon folder's number is dropped. */
const texts = (name: string, changes: Readonly<Record<string, string>> = {}): Map<string, FileText> => {
  const { files } = treeSchema.parse(JSON.parse(recording(`${name}.sysfs.json`)));
  return new Map(
    Object.entries({ ...files, ...changes }).map(([file, text]) => [
      file.replace(/hwmon\/hwmon\d+/, 'hwmon'),
      { text: text.trim() },
    ]),
  );
};

describe('amdgpu', () => {
  it('reads a discrete card', () => {
    expect(readAmdGpu(texts('amd-rx7900xtx'))).toMatchObject({
      isUnified: false,
      memoryTotalBytes: { value: 25_753_026_560, source: 'sysfs mem_info_vram_total' },
      memoryUsedBytes: { value: 2_147_483_648 },
      utilizationPercent: { value: 37, source: 'sysfs gpu_busy_percent' },
      temperatureC: { value: 45 },
      powerWatts: { value: 150, source: 'sysfs hwmon/power1_average' },
      coreClockMhz: { value: 2343 },
      memoryClockMhz: { value: 1249 },
      fanPercent: { value: 20, source: 'sysfs hwmon/pwm1' },
      throttleReasons: { value: null },
    });
  });

  it('knows an APU by its northbridge voltage and adds the memory it may take from the system', () => {
    expect(readAmdGpu(texts('amd-apu'))).toMatchObject({
      isUnified: true,
      memoryTotalBytes: { value: 536_870_912 + 66_035_122_176 },
      memoryUsedBytes: { value: 268_435_456 + 100_663_296 },
      utilizationPercent: { value: 0 },
      powerWatts: { value: 9.114, source: 'sysfs hwmon/power1_input' },
      fanPercent: { value: null, reason: 'this card has no fan the driver knows' },
    });
  });

  it('reads an accelerator without a display or a fan', () => {
    expect(readAmdGpu(texts('amd-mi300x'))).toMatchObject({
      productName: 'AMD Instinct MI300X OAM',
      temperatureC: { value: 61 },
      powerWatts: { value: 612 },
      utilizationPercent: { value: 100 },
    });
  });

  it('leaves a sleeping card alone', () => {
    const asleep = readAmdGpu(texts('amd-rx7900xtx', { 'power/runtime_status': 'suspended\n' }));
    expect(asleep.utilizationPercent).toEqual({
      value: null,
      reason: 'the card sleeps; reading its sensors would wake it',
    });
    expect(asleep.powerWatts.value).toBeNull();
  });
});

const intelCard = (name: string, changes: Readonly<Record<string, string>> = {}) =>
  new Map(
    [...texts(name, changes)].map(([file, text]) => [
      file.startsWith('hwmon/') ? file : file.startsWith('drm/card0/') ? file.slice(10) : `device/${file}`,
      text,
    ]),
  );

describe('Intel GPUs', () => {
  it('gives power and busy time of an Arc card from two readings of its counters', () => {
    const first = intelCard('intel-arc-xe');
    const second = intelCard('intel-arc-xe', {
      'tile0/gt0/gtidle/idle_residency_ms': '100250\n',
      'hwmon/hwmon5/energy1_input': '590000000\n',
    });
    const before = intelCounters(first, 1_000);
    const now = intelCounters(second, 2_000);
    expect(readIntelGpu(first, before, { isIntegrated: false, before: undefined }).powerWatts).toEqual({
      value: null,
      reason: 'needs two readings',
    });
    expect(readIntelGpu(second, now, { isIntegrated: false, before })).toMatchObject({
      isUnified: false,
      memoryTotalBytes: { value: null },
      utilizationPercent: { value: 75, source: 'sysfs RC6: time not asleep, an upper bound' },
      powerWatts: { value: 90, source: 'sysfs hwmon energy counter' },
      temperatureC: { value: 52 },
      coreClockMhz: { value: 2400 },
    });
  });

  it('reads an integrated GPU, whose memory is the system’s', () => {
    const first = intelCard('intel-igpu-i915');
    const second = intelCard('intel-igpu-i915', { 'drm/card0/gt/gt0/rc6_residency_ms': '9500\n' });
    const before = intelCounters(first, 0);
    expect(readIntelGpu(second, intelCounters(second, 500), { isIntegrated: true, before })).toMatchObject({
      isUnified: true,
      memoryTotalBytes: { value: null, reason: "the GPU shares the system's memory" },
      utilizationPercent: { value: 0 },
      coreClockMhz: { value: 350 },
      powerWatts: { value: null, reason: 'the driver has no energy counter for this GPU' },
    });
  });

  it('takes the package’s counter where the card’s never counts', () => {
    const changed = (packageMicrojoules: string) =>
      intelCard('intel-arc-xe', {
        'hwmon/hwmon5/energy1_input': '0\n',
        'hwmon/hwmon5/energy2_input': packageMicrojoules,
      });
    const first = changed('300000000\n');
    const second = changed('350000000\n');
    const reading = readIntelGpu(second, intelCounters(second, 1_000), {
      isIntegrated: false,
      before: intelCounters(first, 0),
    });
    expect(reading.powerWatts.value).toBe(50);
  });

  it('gives no power when the energy counter began anew', () => {
    const first = intelCard('intel-arc-xe');
    const second = intelCard('intel-arc-xe', { 'hwmon/hwmon5/energy1_input': '1000\n' });
    const reading = readIntelGpu(second, intelCounters(second, 1_000), {
      isIntegrated: false,
      before: intelCounters(first, 0),
    });
    expect(reading.powerWatts).toEqual({ value: null, reason: 'the energy counter began anew' });
  });
});
