import type { Files, HostFacts, Processes } from '../platform/ports.ts';
import { known, unknown, type Reading } from './reading.ts';
import { readTexts } from './sampling/read-text.ts';
import {
  isLinuxPowerSaver,
  parsePmsetLowPower,
  parsePmsetSource,
  parsePowerScheme,
  readPowerSupplies,
  type PowerSource,
} from './vendors/power.ts';

/** Where the power comes from and how the system spends it: both change what a benchmark measures. */
export interface PowerState {
  readonly source: Reading<PowerSource>;
  /** Linux: the CPU frequency governor; Windows: the power plan. */
  readonly governor: Reading<string>;
  readonly isPowerSaver: Reading<boolean>;
}

interface PowerPorts {
  readonly files: Files;
  readonly processes: Pick<Processes, 'run'>;
  readonly host: Pick<HostFacts, 'platform'>;
}

const TIMEOUT_MS = 5_000;

const readLinux = async (files: Files): Promise<PowerState> => {
  const folders = await files.list('/sys/class/power_supply');
  const supplies = await Promise.all(
    folders.map(async ({ path }) => {
      const texts = await readTexts(
        files,
        ['type', 'scope', 'status', 'online'].map((name): [string, string] => [name, `${path}/${name}`]),
      );
      const text = (name: string): string => texts.get(name)?.text ?? '';
      return {
        type: text('type'),
        scope: text('scope'),
        status: text('status'),
        isOnline: text('online') === '1',
      };
    }),
  );
  const cpufreq = '/sys/devices/system/cpu/cpu0/cpufreq';
  const texts = await readTexts(files, [
    ['governor', `${cpufreq}/scaling_governor`],
    ['driver', `${cpufreq}/scaling_driver`],
    ['preference', `${cpufreq}/energy_performance_preference`],
    ['profile', '/sys/firmware/acpi/platform_profile'],
  ]);
  const text = (name: string): string | null => texts.get(name)?.text ?? null;
  const governor = text('governor');
  const state = {
    governor,
    driver: text('driver'),
    preference: text('preference'),
    profile: text('profile'),
  };
  const isTold = governor !== null || state.profile !== null;
  return {
    source: known(
      readPowerSupplies(supplies),
      supplies.length === 0 ? 'sysfs: no battery and no charger' : 'sysfs power_supply',
    ),
    governor:
      governor === null
        ? unknown('this kernel or virtual machine has no cpufreq')
        : known(governor, 'cpufreq'),
    isPowerSaver: isTold
      ? known(isLinuxPowerSaver(state), 'cpufreq and platform profile')
      : unknown('this kernel or virtual machine has no cpufreq'),
  };
};

const readApple = async (processes: PowerPorts['processes'], signal: AbortSignal): Promise<PowerState> => {
  const options = { timeoutMs: TIMEOUT_MS, signal };
  const battery = await processes.run('pmset', ['-g', 'batt'], options);
  const settings = await processes.run('pmset', ['-g'], options);
  const source = parsePmsetSource(battery?.stdout ?? '');
  const lowPower = parsePmsetLowPower(settings?.stdout ?? '');
  return {
    source: source === undefined ? unknown('pmset does not tell it') : known(source, 'pmset'),
    governor: unknown('macOS has no governor'),
    isPowerSaver: lowPower === undefined ? unknown('pmset does not tell it') : known(lowPower, 'pmset'),
  };
};

const readWindows = async (processes: PowerPorts['processes'], signal: AbortSignal): Promise<PowerState> => {
  const options = { timeoutMs: TIMEOUT_MS, signal };
  const scheme = parsePowerScheme(
    (await processes.run('powercfg', ['/getactivescheme'], options))?.stdout ?? '',
  );
  const query = '(Get-CimInstance Win32_Battery).BatteryStatus';
  const battery = await processes.run(
    'powershell',
    ['-NoProfile', '-NonInteractive', '-Command', query],
    options,
  );
  const missing = unknown('powercfg does not tell it');
  return {
    // 1 = discharging (Win32_Battery); nothing is printed without a battery
    source:
      battery === undefined
        ? unknown('PowerShell is not installed')
        : known(battery.stdout.trim() === '1' ? 'battery' : 'mains', 'Win32_Battery'),
    governor: scheme === undefined ? missing : known(scheme.name, 'powercfg'),
    isPowerSaver: scheme === undefined ? missing : known(scheme.isPowerSaver, 'powercfg'),
  };
};

/** Reads the power state now. */
export const readPower = async (ports: PowerPorts, signal: AbortSignal): Promise<PowerState> => {
  switch (ports.host.platform) {
    case 'linux':
      return await readLinux(ports.files);
    case 'darwin':
      return await readApple(ports.processes, signal);
    case 'win32':
      return await readWindows(ports.processes, signal);
    case 'other': {
      const missing = unknown('Dyno has no source for it on this system');
      return { source: missing, governor: missing, isPowerSaver: missing };
    }
  }
};
