import { describe, expect, it } from 'vitest';
import {
  parseIoreg,
  parseSwapUsage,
  parseSysctl,
  parseVmStat,
  sysctlFeatures,
} from '../../../../electron/hardware/vendors/apple.ts';
import { llamaFeatures } from '../../../../electron/hardware/vendors/cpu-features.ts';
import { parsePlist } from '../../../../electron/hardware/vendors/plist.ts';
import { recording } from '../../../support/hardware-fixtures.ts';

describe('ioreg', () => {
  it('reads an Apple GPU and takes the memory in use, not the virtual allocations', () => {
    expect(parseIoreg(recording('ioreg-m4-pro.xml'))).toEqual([
      {
        name: 'Apple M4 Pro',
        isUnified: true,
        coreCount: 16,
        utilizationPercent: { value: 12, source: 'ioreg' },
        memoryUsedBytes: { value: 1_270_726_656, source: 'ioreg' },
        memoryTotalBytes: { value: null, reason: "the GPU shares the system's memory" },
        temperatureC: { value: null, reason: 'ioreg has no "Temperature(C)" for this GPU' },
        fanPercent: { value: null, reason: 'ioreg has no "Fan Speed(%)" for this GPU' },
        coreClockMhz: { value: null, reason: 'ioreg has no "Core Clock(MHz)" for this GPU' },
        memoryClockMhz: { value: null, reason: 'ioreg has no "Memory Clock(MHz)" for this GPU' },
        powerWatts: { value: null, reason: 'ioreg has no "Total Power(W)" for this GPU' },
      },
    ]);
  });

  it('reads both GPUs of an Intel Mac', () => {
    const [intel, amd] = parseIoreg(recording('ioreg-intel-mac.xml'));
    expect(intel).toMatchObject({
      name: 'Intel UHD Graphics 630 & friends',
      utilizationPercent: { value: 4 },
    });
    expect(amd).toMatchObject({
      isUnified: false,
      memoryTotalBytes: { value: 8_176 * 2 ** 20 },
      memoryUsedBytes: { value: 2 ** 31 },
      temperatureC: { value: 57 },
      powerWatts: { value: 38 },
    });
  });

  it('gives nothing for text that is no whole property list', () => {
    expect(parseIoreg('')).toEqual([]);
    expect(parseIoreg('<plist><array><dict><key>model</key>')).toEqual([]);
    expect(parseIoreg('<plist><dict/></plist>')).toEqual([]);
    expect(parsePlist(`<plist>${'<array>'.repeat(5_000)}`)).toBeUndefined();
  });

  it('reads every kind of value a property list has', () => {
    const xml =
      '<plist><dict><key>a&amp;b</key><array><true/><false/><real>1.5</real><string/></array></dict></plist>';
    expect(parsePlist(xml)).toEqual({ 'a&b': [true, false, 1.5, ''] });
  });
});

describe('vm_stat and sysctl', () => {
  it('gives available memory in bytes of the page size told', () => {
    expect(parseVmStat(recording('vm-stat.txt'))).toEqual({
      availableBytes: 16_384 * (25_000 + 5_000 + 400_000),
      compressedBytes: 16_384 * 120_000,
    });
    expect(parseVmStat('')).toBeUndefined();
  });

  it('gives features, cores and swap', () => {
    const values = parseSysctl(recording('sysctl-m4-pro.txt'));
    expect(values.get('machdep.cpu.brand_string')).toBe('Apple M4 Pro');
    expect(values.get('hw.perflevel0.physicalcpu')).toBe('10');
    expect(llamaFeatures(sysctlFeatures(values))).toEqual(['neon', 'fp16', 'dotprod', 'bf16', 'i8mm', 'sme']);
    expect(parseSwapUsage(values.get('vm.swapusage') ?? '')).toEqual({
      totalBytes: 2_048 * 2 ** 20,
      usedBytes: 512.25 * 2 ** 20,
    });
    expect(parseSwapUsage('none')).toBeUndefined();
  });
});
