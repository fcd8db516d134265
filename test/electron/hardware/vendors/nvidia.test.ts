import { describe, expect, it } from 'vitest';
import {
  firstNvidiaQuery,
  nvidiaArguments,
  parseNvidiaLine,
  parseThrottleMask,
  readNvidiaProblem,
  withoutRefusedField,
} from '../../../../electron/hardware/vendors/nvidia.ts';
import { recording } from '../../../support/hardware-fixtures.ts';

const parse = (name: string) =>
  recording(name)
    .split('\n')
    .flatMap((line) => parseNvidiaLine(line, firstNvidiaQuery) ?? []);

describe('nvidia-smi', () => {
  it('reads several data-centre cards, and a real 0 stays 0', () => {
    const [h100, h200] = parse('nvidia-h100-h200.csv');
    expect(h100).toEqual({
      id: 'nvidia:GPU-5d9f2a6e-7f14-8f4b-31a9-0f4b6d2a9c11',
      name: 'NVIDIA H100 80GB HBM3',
      driver: '550.127.08',
      isMig: false,
      isUnified: false,
      memoryTotalBytes: { value: 81_559 * 2 ** 20, source: 'nvidia-smi' },
      memoryUsedBytes: { value: 1_024 * 2 ** 20, source: 'nvidia-smi' },
      memoryFreeBytes: { value: 80_071 * 2 ** 20, source: 'nvidia-smi' },
      utilizationPercent: { value: 37, source: 'nvidia-smi' },
      temperatureC: { value: 41, source: 'nvidia-smi' },
      powerWatts: { value: 312.45, source: 'nvidia-smi' },
      coreClockMhz: { value: 1_980, source: 'nvidia-smi' },
      memoryClockMhz: { value: 2_619, source: 'nvidia-smi' },
      fanPercent: { value: null, reason: 'nvidia-smi says [N/A]' },
      throttleReasons: { value: ['power cap'], source: 'nvidia-smi' },
    });
    expect(h200?.utilizationPercent.value).toBe(0);
    expect(h200?.memoryUsedBytes.value).toBe(0);
    expect(h200?.throttleReasons.value).toEqual([]);
  });

  it('turns every form of silence into a reason and skips lines that are no rows', () => {
    const cards = parse('nvidia-silent.csv');
    expect(cards).toHaveLength(1);
    expect(cards[0]).toMatchObject({
      name: 'Quadro K620',
      fanPercent: { value: 34 },
      utilizationPercent: { value: null, reason: 'nvidia-smi says [Not Supported]' },
      coreClockMhz: { value: null, reason: 'nvidia-smi says [Unknown Error]' },
      memoryClockMhz: { value: null, reason: 'nvidia-smi says ERR!' },
      throttleReasons: { value: null, reason: 'nvidia-smi says [Insufficient Permissions]' },
    });
  });

  it('says that MIG hides the use of the whole card', () => {
    const [card] = parse('nvidia-mig.csv');
    expect(card).toMatchObject({ isMig: true, memoryUsedBytes: { value: 19_968 * 2 ** 20 } });
    expect(card?.utilizationPercent).toEqual({
      value: null,
      reason: 'nvidia-smi says [N/A]; with MIG on it tells nothing for the whole card',
    });
  });

  it('knows a card that shares the memory of the machine', () => {
    expect(parse('nvidia-gb10.csv')[0]).toMatchObject({
      name: 'NVIDIA GB10',
      isUnified: true,
      memoryTotalBytes: { value: null },
      utilizationPercent: { value: 0 },
    });
    expect(parse('nvidia-laptop.csv')[0]).toMatchObject({ isUnified: false, powerWatts: { value: 12.85 } });
  });

  it('names throttle reasons and leaves idle out', () => {
    expect(parseThrottleMask('0x0000000000000021')).toEqual(['software thermal slowdown']);
    expect(parseThrottleMask('0x00000000000000c8')).toEqual([
      'hardware slowdown',
      'hardware thermal slowdown',
      'power brake',
    ]);
    expect(parseThrottleMask('[N/A]')).toBeUndefined();
  });

  it('asks again under the older name, then without a field that the driver refuses', () => {
    const second = withoutRefusedField(firstNvidiaQuery, recording('nvidia-refused-field.txt'));
    expect(second?.at(-1)).toBe('clocks_throttle_reasons.active');
    const third = withoutRefusedField(
      second ?? [],
      'Field "clocks_throttle_reasons.active" is not a valid field to query.',
    );
    expect(third?.at(-1)).toBe('fan.speed');
    expect(withoutRefusedField(firstNvidiaQuery, 'No devices were found')).toBeUndefined();
    expect(nvidiaArguments(['index', 'uuid'], 500)).toEqual([
      '--query-gpu=index,uuid',
      '--format=csv,noheader,nounits',
      '--loop-ms=500',
    ]);
    const card = parseNvidiaLine('0, GPU-1', ['index', 'uuid']);
    expect(card?.powerWatts).toEqual({
      value: null,
      reason: 'nvidia-smi says [field unknown to this driver]',
    });
  });

  it('says what to do when the driver does not answer', () => {
    expect(readNvidiaProblem('Failed to initialize NVML: Driver/library version mismatch')?.fix).toMatch(
      /Restart/,
    );
    expect(
      readNvidiaProblem("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.")?.fix,
    ).toMatch(/Install or reinstall/);
    expect(readNvidiaProblem('No devices were found')?.found).toMatch(/finds no card/);
    expect(readNvidiaProblem(recording('nvidia-h100-h200.csv'))).toBeUndefined();
  });
});
