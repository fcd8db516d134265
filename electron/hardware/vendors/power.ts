/** What systems say about where the power comes from and how it is spent. Pure. */

export type PowerSource = 'mains' | 'battery';

/** One folder of /sys/class/power_supply. */
export interface PowerSupply {
  readonly type: string;
  /** `Device` for the batteries of mice and headsets. */
  readonly scope: string;
  readonly status: string;
  readonly isOnline: boolean;
}

/** Battery only while a battery of the computer itself is being emptied and no charger is on. */
export const readPowerSupplies = (supplies: readonly PowerSupply[]): PowerSource => {
  const own = supplies.filter(({ scope }) => scope !== 'Device');
  if (own.some(({ type, isOnline }) => type !== 'Battery' && isOnline)) return 'mains';
  return own.some(({ type, status }) => type === 'Battery' && status === 'Discharging') ? 'battery' : 'mains';
};

export interface LinuxPowerTexts {
  readonly governor: string | null;
  /** `intel_pstate`, `amd-pstate-epp`, `acpi-cpufreq`… */
  readonly driver: string | null;
  readonly preference: string | null;
  readonly profile: string | null;
}

/**
 * True when the clocks are held down to save power. Governor `powersave` is the normal one of intel_pstate and
 * amd-pstate-epp, where the preference decides.
 */
export const isLinuxPowerSaver = (texts: LinuxPowerTexts): boolean => {
  if (texts.profile === 'low-power' || texts.profile === 'quiet') return true;
  if (texts.driver === 'intel_pstate' || texts.driver === 'amd-pstate-epp')
    return texts.preference === 'power';
  return texts.governor === 'powersave';
};

/** `Now drawing from 'Battery Power'` of `pmset -g batt`. */
export const parsePmsetSource = (text: string): PowerSource | undefined => {
  const source = /Now drawing from '([^']+)'/.exec(text)?.[1];
  return source === undefined ? undefined : source === 'Battery Power' ? 'battery' : 'mains';
};

/** `lowpowermode 1` of `pmset -g`; `undefined` where macOS does not list it. */
export const parsePmsetLowPower = (text: string): boolean | undefined => {
  const value = /^\s*(?:lowpowermode|powermode)\s+(\d)/m.exec(text)?.[1];
  return value === undefined ? undefined : value === '1';
};

/** GUID of Windows's own "Power saver" plan; its name is translated, the GUID is not. */
const POWER_SAVER_GUID = 'a1841308-3541-4fab-bc81-f71556f20b4a';

/** Plan of `powercfg /getactivescheme`: its name in the system's language and whether it is the power saver. */
export const parsePowerScheme = (
  text: string,
): { readonly name: string; readonly isPowerSaver: boolean } | undefined => {
  const match = /([0-9a-f]{8}-[0-9a-f-]{27})\s+\((.+)\)/i.exec(text);
  if (match?.[1] === undefined) return undefined;
  return { name: match[2] ?? '', isPowerSaver: match[1].toLowerCase() === POWER_SAVER_GUID };
};
