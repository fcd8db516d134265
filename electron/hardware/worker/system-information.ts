import si from 'systeminformation';
import type { SystemInformation } from '../facts/machine-facts.ts';

const text = (value: string | undefined): string | null =>
  value === undefined || value.trim() === '' || /^unknown$/i.test(value.trim()) ? null : value.trim();

/** systeminformation writes 0 for unknown. */
const positive = (value: number | null | undefined): number | null =>
  typeof value === 'number' && value > 0 ? value : null;

/** The static part of systeminformation. Its live data blocks, drops zeros and knows NVIDIA only, so it is not used. */
export const readSystemInformation = async (): Promise<SystemInformation> => {
  const [os, cpu, modules, memory] = await Promise.all([si.osInfo(), si.cpu(), si.memLayout(), si.mem()]);
  const megahertz = (gigahertz: number): number | null => positive(Math.round(gigahertz * 1000));
  return {
    osName: [text(os.distro), text(os.release)].filter((part) => part !== null).join(' ') || os.platform,
    osRelease: os.kernel,
    cpuModel: text(`${cpu.manufacturer} ${cpu.brand}`),
    cpuVendor: text(cpu.vendor) ?? text(cpu.manufacturer),
    physicalCores: positive(cpu.physicalCores),
    performanceCores: (cpu.efficiencyCores ?? 0) > 0 ? positive(cpu.performanceCores) : null,
    baseClockMhz: megahertz(cpu.speed),
    maxClockMhz: megahertz(cpu.speedMax),
    l3CacheBytes: positive(cpu.cache.l3),
    cpuFlags: cpu.flags.split(' '),
    memoryKind: modules.map(({ type }) => text(type)).find((type) => type !== null) ?? null,
    memorySpeedMtps:
      modules.map(({ clockSpeed }) => positive(clockSpeed)).find((speed) => speed !== null) ?? null,
    swapTotalBytes: memory.swaptotal,
  };
};
