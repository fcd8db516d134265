import { firstKnown, known, mapReading, unknown, type Reading } from '../reading.ts';
import { channelLabelled, numberOf, textOf, type FileTexts } from './sysfs-texts.ts';

/**
 * amdgpu's files under /sys/class/drm/card<N>/device and its hwmon folder, as the kernel's "GPU power, thermal and
 * misc" page defines them: memory in bytes, power in microwatts, temperatures in millidegrees, clocks in Hz. Pure.
 */

/** Files of the device folder that are read. */
export const amdFiles = [
  'gpu_busy_percent',
  'mem_info_vram_total',
  'mem_info_vram_used',
  'mem_info_gtt_total',
  'mem_info_gtt_used',
  'product_name',
  'power/runtime_status',
] as const;

/** Files of the hwmon folder that are read, as regular expression. */
export const amdHwmonFiles =
  /^(temp\d_(input|label)|power1_(average|input)|freq\d_(input|label)|fan1_(input|max)|pwm1(_max)?|in1_label)$/;

export interface SysfsGpu {
  readonly isUnified: boolean;
  readonly productName: string | null;
  readonly memoryTotalBytes: Reading;
  readonly memoryUsedBytes: Reading;
  readonly utilizationPercent: Reading;
  readonly temperatureC: Reading;
  readonly powerWatts: Reading;
  /** Where the board has a counter. */
  readonly energyJoules?: Reading;
  readonly coreClockMhz: Reading;
  readonly memoryClockMhz: Reading;
  readonly fanPercent: Reading;
  readonly throttleReasons: Reading<string[]>;
}

/** A laptop's second card that sleeps: reading its sensors would wake it or fail. */
export const isAsleep = (texts: FileTexts): boolean => textOf(texts, 'power/runtime_status') === 'suspended';

const memoryOf = (texts: FileTexts, isApu: boolean, what: 'total' | 'used'): Reading => {
  const vram = numberOf(texts, `mem_info_vram_${what}`);
  const gtt = numberOf(texts, `mem_info_gtt_${what}`);
  // an APU's "VRAM" is only the part the firmware carved out; the driver adds system memory through the GTT
  if (!isApu || vram.value === null || gtt.value === null) return vram;
  return known(vram.value + gtt.value, `sysfs mem_info_vram_${what} + mem_info_gtt_${what}`);
};

const fanOf = (texts: FileTexts): Reading => {
  const pwm = numberOf(texts, 'hwmon/pwm1');
  if (pwm.value !== null) {
    const max = numberOf(texts, 'hwmon/pwm1_max').value ?? 255;
    return known((100 * pwm.value) / max, pwm.source);
  }
  const fan = numberOf(texts, 'hwmon/fan1_input');
  const max = numberOf(texts, 'hwmon/fan1_max').value;
  if (fan.value === null) return unknown('this card has no fan the driver knows');
  return max === null || max <= 0
    ? unknown('the fan has no known maximum')
    : known((100 * fan.value) / max, fan.source);
};

/** Reads one amdgpu card from its files. */
export const readAmdGpu = (texts: FileTexts): SysfsGpu => {
  // the driver shows the northbridge's voltage for APUs only
  const isApu = textOf(texts, 'hwmon/in1_label') === 'vddnb';
  const asleep = isAsleep(texts) ? unknown('the card sleeps; reading its sensors would wake it') : undefined;
  const clock = (label: string, channel: string): Reading =>
    asleep ?? numberOf(texts, `hwmon/${channelLabelled(texts, 'freq', [label]) ?? channel}_input`, 1e6);
  const hottest = channelLabelled(texts, 'temp', ['edge', 'junction']) ?? 'temp1';
  return {
    isUnified: isApu,
    productName: textOf(texts, 'product_name') || null,
    memoryTotalBytes: memoryOf(texts, isApu, 'total'),
    memoryUsedBytes: memoryOf(texts, isApu, 'used'),
    utilizationPercent: asleep ?? numberOf(texts, 'gpu_busy_percent'),
    temperatureC: asleep ?? numberOf(texts, `hwmon/${hottest}_input`, 1e3),
    powerWatts:
      asleep ??
      firstKnown(numberOf(texts, 'hwmon/power1_average', 1e6), numberOf(texts, 'hwmon/power1_input', 1e6)),
    coreClockMhz: mapReading(clock('sclk', 'freq1'), Math.round),
    memoryClockMhz: isApu
      ? unknown("an APU uses the system's memory")
      : mapReading(clock('mclk', 'freq2'), Math.round),
    fanPercent: asleep ?? fanOf(texts),
    throttleReasons: unknown('amdgpu tells throttling only in a binary table that Dyno does not read'),
  };
};
