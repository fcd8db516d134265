import type { Files } from '../../platform/ports.ts';
import { known, unknown } from '../reading.ts';
import { parseMeminfo, parsePressure } from '../vendors/memory.ts';
import type { MachineCounters, MemoryReadings, Probe } from './probe.ts';
import { readTexts } from './read-text.ts';

/** Memory through /proc/meminfo and, where the kernel has it, pressure-stall information. */
export const createLinuxMemory = (
  files: Files,
  counters: Pick<MachineCounters, 'totalMemoryBytes' | 'freeMemoryBytes'>,
): Probe<MemoryReadings> => ({
  read: async () => {
    const texts = await readTexts(files, [
      ['meminfo', '/proc/meminfo'],
      ['pressure', '/proc/pressure/memory'],
    ]);
    const meminfo = parseMeminfo(texts.get('meminfo')?.text ?? '');
    const pressure = parsePressure(texts.get('pressure')?.text ?? '');
    return {
      totalBytes: meminfo?.totalBytes ?? counters.totalMemoryBytes(),
      availableBytes: meminfo?.availableBytes ?? counters.freeMemoryBytes(),
      source: meminfo === undefined ? 'Node.js' : '/proc/meminfo',
      swapUsedBytes:
        typeof meminfo?.swapUsedBytes === 'number'
          ? known(meminfo.swapUsedBytes, '/proc/meminfo')
          : unknown('/proc/meminfo tells no swap'),
      pressurePercent:
        pressure === undefined
          ? unknown('this kernel keeps no pressure-stall information (CONFIG_PSI)')
          : known(pressure, '/proc/pressure/memory'),
    };
  },
  [Symbol.dispose]: () => undefined,
});
