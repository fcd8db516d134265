import { describe, expect, it } from 'vitest';
import {
  localCounterName,
  parseDirectXAdapters,
  parseProcessorFeatures,
  parseTypeperf,
  readGpuUse,
} from '../../../../electron/hardware/vendors/windows.ts';
import { recording } from '../../../support/hardware-fixtures.ts';

const useOf = (name: string) => {
  const table = parseTypeperf(recording(name));
  return table === undefined ? undefined : readGpuUse(table);
};

describe('typeperf', () => {
  it('gives the busiest engine and the memory of each adapter from the last row', () => {
    expect(useOf('typeperf-en.txt')).toEqual([
      { luid: '0x00000000_0x0000d1a2', utilizationPercent: 71.5, memoryUsedBytes: 2_479_771_648 },
      { luid: '0x00000000_0x0000a18d', utilizationPercent: 1, memoryUsedBytes: 0 },
    ]);
  });

  it('reads a German system: translated names, decimal commas', () => {
    expect(useOf('typeperf-de.txt')).toEqual([
      { luid: '0x00000000_0x000095ca', utilizationPercent: 12.5, memoryUsedBytes: 1_048_576 },
    ]);
  });

  it('takes the name of the machine off the columns', () => {
    expect(parseTypeperf(recording('typeperf-de.txt'))?.columns[1]).toBe(
      'GPU-Adapterspeicher(luid_0x00000000_0x000095CA_phys_0)\\Dedizierte Nutzung',
    );
  });

  it('keeps a blank cell unknown', () => {
    expect(parseTypeperf(recording('typeperf-en.txt'))?.rows[0]).toEqual([
      null,
      null,
      null,
      null,
      2_479_771_648,
      0,
    ]);
    expect(parseTypeperf('Error: No valid counters.')).toBeUndefined();
  });

  it('asks for counters by their name in the system’s language', () => {
    const english = recording('perflib-en.txt');
    const german = recording('perflib-de.txt');
    expect(localCounterName('GPU Engine', english, german)).toBe('GPU-Modul');
    expect(localCounterName('Utilization Percentage', english, german)).toBe('Nutzung in Prozent');
    expect(localCounterName('GPU Adapter Memory', english, german)).toBe('GPU Adapter Memory');
  });
});

describe('the registry', () => {
  it('lists graphics adapters with 64-bit memory sizes, without the software renderer and cards taken out', () => {
    expect(parseDirectXAdapters(recording('directx-registry.txt'))).toEqual([
      {
        luid: '0x00000000_0x0000d1a2',
        name: 'AMD Radeon RX 7900 XTX',
        vendorId: 0x1002,
        driver: '512.1.22391.1017',
        dedicatedBytes: 0x5fcc00000,
        isIntegrated: false,
      },
      {
        luid: '0x00000000_0x0000a18d',
        name: 'Intel(R) UHD Graphics 770',
        vendorId: 0x8086,
        driver: '2.0.101.6062',
        dedicatedBytes: 128 * 2 ** 20,
        isIntegrated: true,
      },
    ]);
  });
});

describe('processor features', () => {
  it('are named from their numbers', () => {
    expect(parseProcessorFeatures('38 True\r\n39 True\r\n40 True\r\n41 False\r\n')).toEqual([
      'sse4_2',
      'avx',
      'avx2',
    ]);
  });
});
