import { firstKnown, known, unknown, type Reading } from '../reading.ts';
import { isAsleep, type SysfsGpu } from './amd.ts';
import { channelLabelled, numberOf, type FileTexts } from './sysfs-texts.ts';

/**
 * Intel's two drivers, i915 and xe: clocks under the card or its tile, energy in microjoules in hwmon, and the time
 * the GPU slept (RC6). Neither tells a busy share without root, so it is the time not asleep. Pure.
 */

/** Files below the card folder (/sys/class/drm/card<N>) that are read. */
export const intelFiles = [
  'gt_act_freq_mhz',
  'gt/gt0/rps_act_freq_mhz',
  'gt/gt0/rc6_residency_ms',
  'power/rc6_residency_ms',
  'lmem_total_bytes',
  'lmem_avail_bytes',
  'device/tile0/gt0/freq0/act_freq',
  'device/tile0/gt0/gtidle/idle_residency_ms',
  'device/tile0/physical_vram_size_bytes',
  'device/power/runtime_status',
] as const;

export const intelHwmonFiles = /^(temp\d_(input|label)|energy\d_(input|label)|power1_input)$/;

/** Counters of the reading before, for what is known only as a difference. */
export interface IntelCounters {
  readonly atMs: number;
  readonly idleMs: number | null;
  readonly energyMicrojoules: number | null;
}

const idleFiles = [
  'device/tile0/gt0/gtidle/idle_residency_ms',
  'gt/gt0/rc6_residency_ms',
  'power/rc6_residency_ms',
] as const;

const firstOf = (texts: FileTexts, names: readonly string[]): Reading =>
  names
    .map((name) => numberOf(texts, name))
    .reduce((best, next) => firstKnown(best, next), unknown('neither i915 nor xe tells it here'));

/** The counter of the whole card, else of its package: some cards have a card counter that never counts. */
const energyMicrojoules = (texts: FileTexts): number | null => {
  const channels = ['card', 'pkg'].flatMap((label) => channelLabelled(texts, 'energy', [label]) ?? []);
  const counts = [...channels, 'energy1'].flatMap((channel) => {
    const { value } = numberOf(texts, `hwmon/${channel}_input`);
    return value === null || value === 0 ? [] : [value];
  });
  return counts[0] ?? null;
};

export const intelCounters = (texts: FileTexts, atMs: number): IntelCounters => ({
  atMs,
  idleMs: firstOf(texts, idleFiles).value,
  energyMicrojoules: energyMicrojoules(texts),
});

const awakePercent = (now: IntelCounters, before: IntelCounters | undefined): Reading => {
  if (now.idleMs === null)
    return unknown("Intel's driver tells no sleep time here, and its busy share needs root");
  if (typeof before?.idleMs !== 'number' || now.atMs <= before.atMs) return unknown('needs two readings');
  const idleShare = (now.idleMs - before.idleMs) / (now.atMs - before.atMs);
  return known(100 * Math.min(1, Math.max(0, 1 - idleShare)), 'sysfs RC6: time not asleep, an upper bound');
};

const powerWatts = (texts: FileTexts, now: IntelCounters, before: IntelCounters | undefined): Reading => {
  const direct = numberOf(texts, 'hwmon/power1_input', 1e6);
  if (direct.value !== null) return direct;
  if (now.energyMicrojoules === null) return unknown('the driver has no energy counter for this GPU');
  if (typeof before?.energyMicrojoules !== 'number' || now.atMs <= before.atMs)
    return unknown('needs two readings');
  const joules = (now.energyMicrojoules - before.energyMicrojoules) * 1e-6;
  return joules < 0
    ? unknown('the energy counter began anew')
    : known(joules / ((now.atMs - before.atMs) * 1e-3), 'sysfs hwmon energy counter');
};

/**
 * Reads one Intel GPU from its files and the counters of the reading before.
 * @param isIntegrated it shares the system's memory (PCI address 0000:00:02.0).
 */
export const readIntelGpu = (
  texts: FileTexts,
  now: IntelCounters,
  options: { readonly isIntegrated: boolean; readonly before: IntelCounters | undefined },
): SysfsGpu => {
  const { isIntegrated, before } = options;
  const shared = unknown("the GPU shares the system's memory");
  const total = isIntegrated
    ? shared
    : firstOf(texts, ['lmem_total_bytes', 'device/tile0/physical_vram_size_bytes']);
  const free = isIntegrated ? shared : numberOf(texts, 'lmem_avail_bytes');
  const temperature = channelLabelled(texts, 'temp', ['pkg', 'vram']) ?? 'temp1';
  const asleep = isAsleep(new Map([...texts].map(([name, text]) => [name.replace(/^device\//, ''), text])))
    ? unknown('the card sleeps; reading its sensors would wake it')
    : undefined;
  return {
    isUnified: isIntegrated,
    productName: null,
    memoryTotalBytes: total,
    memoryUsedBytes:
      total.value === null || free.value === null
        ? unknown(isIntegrated ? shared.reason : "Intel's driver tells used memory only per process")
        : known(total.value - free.value, 'sysfs lmem_total_bytes − lmem_avail_bytes'),
    utilizationPercent: asleep ?? awakePercent(now, before),
    temperatureC: asleep ?? numberOf(texts, `hwmon/${temperature}_input`, 1e3),
    powerWatts: asleep ?? powerWatts(texts, now, before),
    energyJoules:
      asleep ??
      (now.energyMicrojoules === null
        ? unknown('the driver has no energy counter for this GPU')
        : known(now.energyMicrojoules * 1e-6, 'sysfs hwmon energy counter')),
    coreClockMhz:
      asleep ??
      firstOf(texts, ['device/tile0/gt0/freq0/act_freq', 'gt/gt0/rps_act_freq_mhz', 'gt_act_freq_mhz']),
    memoryClockMhz: unknown("Intel's drivers do not tell the memory clock"),
    fanPercent: unknown("Intel's drivers tell fan speed in turns per minute, without a maximum"),
    throttleReasons: unknown("Dyno does not read the throttle files of Intel's drivers"),
  };
};
