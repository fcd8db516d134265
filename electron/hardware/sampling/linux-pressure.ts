import type { Clock, Files } from '../../platform/ports.ts';
import { known, unknown, type Reading } from '../reading.ts';
import { parsePressureTotal } from '../vendors/memory.ts';
import type { PressureReadings, Probe } from './probe.ts';
import { readTexts } from './read-text.ts';

const resources = ['cpu', 'memory', 'io'] as const;
const MISSING = 'this kernel keeps no pressure-stall information (CONFIG_PSI)';

/**
 * Pressure from the kernel's running totals: exact for the time between two readings, where its own averages lag by
 * ten seconds. Source: Documentation/accounting/psi.rst of the Linux kernel.
 */
export const createLinuxPressure = (
  files: Files,
  clock: Pick<Clock, 'monotonicMs'>,
): Probe<PressureReadings> => {
  let before: { readonly atMs: number; readonly totals: ReadonlyMap<string, number> } | undefined;
  return {
    read: async () => {
      const texts = await readTexts(
        files,
        resources.map((name) => [name, `/proc/pressure/${name}`] as const),
      );
      const atMs = clock.monotonicMs();
      const totals = new Map(
        [...texts].flatMap(([name, { text }]): [string, number][] => {
          const total = parsePressureTotal(text ?? '');
          return total === undefined ? [] : [[name, total]];
        }),
      );
      const past = before;
      before = { atMs, totals };
      const share = (name: (typeof resources)[number]): Reading => {
        const total = totals.get(name);
        if (total === undefined) return unknown(MISSING);
        const earlier = past?.totals.get(name);
        if (past === undefined || earlier === undefined || atMs <= past.atMs)
          return unknown('needs two readings');
        const percent = (total - earlier) / 10 / (atMs - past.atMs);
        return known(Math.min(100, Math.max(0, percent)), `/proc/pressure/${name}`);
      };
      return { cpuPercent: share('cpu'), memoryPercent: share('memory'), ioPercent: share('io') };
    },
    [Symbol.dispose]: () => undefined,
  };
};

const elsewhere = unknown('only Linux keeps pressure-stall information');

export const noPressure: Probe<PressureReadings> = {
  read: () => Promise.resolve({ cpuPercent: elsewhere, memoryPercent: elsewhere, ioPercent: elsewhere }),
  [Symbol.dispose]: () => undefined,
};
