import { describe, expect, it } from 'vitest';
import { readPower } from '../../../electron/hardware/power.ts';
import { createFakeFiles } from '../../support/fake-files.ts';
import { createFakeProcesses } from '../../support/fake-processes.ts';

const signal = new AbortController().signal;
const cpufreq = '/sys/devices/system/cpu/cpu0/cpufreq';
const supplies = '/sys/class/power_supply';

const onLinux = (files: Readonly<Record<string, string>>) =>
  readPower(
    { files: createFakeFiles(files), processes: createFakeProcesses(), host: { platform: 'linux' } },
    signal,
  );
const battery = {
  [`${supplies}/BAT0/type`]: 'Battery\n',
  [`${supplies}/BAT0/status`]: 'Discharging\n',
  [`${supplies}/AC/type`]: 'Mains\n',
};

describe('power on Linux', () => {
  it('is the battery only while the charger is off', async () => {
    expect((await onLinux({ ...battery, [`${supplies}/AC/online`]: '0\n' })).source.value).toBe('battery');
    expect((await onLinux({ ...battery, [`${supplies}/AC/online`]: '1\n' })).source.value).toBe('mains');
  });

  it('is mains where only a mouse has a battery', async () => {
    const mouse = {
      [`${supplies}/hid/type`]: 'Battery\n',
      [`${supplies}/hid/scope`]: 'Device\n',
      [`${supplies}/hid/status`]: 'Discharging\n',
    };
    expect((await onLinux(mouse)).source.value).toBe('mains');
    expect((await onLinux({})).source).toEqual({
      value: 'mains',
      source: 'sysfs: no battery and no charger',
    });
  });

  it('knows that governor powersave saves nothing under intel_pstate', async () => {
    const saving = async (driver: string, preference: string) =>
      (
        await onLinux({
          [`${cpufreq}/scaling_governor`]: 'powersave\n',
          [`${cpufreq}/scaling_driver`]: `${driver}\n`,
          [`${cpufreq}/energy_performance_preference`]: `${preference}\n`,
        })
      ).isPowerSaver.value;
    expect(await saving('intel_pstate', 'balance_performance')).toBe(false);
    expect(await saving('intel_pstate', 'power')).toBe(true);
    expect(await saving('acpi-cpufreq', '')).toBe(true);
  });

  it('is a power saver in the low-power profile, and unknown in a virtual machine', async () => {
    expect((await onLinux({ '/sys/firmware/acpi/platform_profile': 'low-power\n' })).isPowerSaver.value).toBe(
      true,
    );
    expect((await onLinux({})).isPowerSaver.value).toBeNull();
  });
});

describe('power elsewhere', () => {
  it('is told by pmset on a Mac', async () => {
    const processes = createFakeProcesses({
      run: {
        pmset: (args) => ({
          exitCode: 0,
          stdout:
            args.length === 2
              ? "Now drawing from 'Battery Power'\n -InternalBattery-0\t62%; discharging"
              : 'Currently in use:\n lowpowermode         1\n',
          stderr: '',
        }),
      },
    });
    expect(
      await readPower({ files: createFakeFiles(), processes, host: { platform: 'darwin' } }, signal),
    ).toMatchObject({
      source: { value: 'battery' },
      isPowerSaver: { value: true },
    });
  });

  it('is told by the plan’s GUID on a German Windows', async () => {
    const processes = createFakeProcesses({
      run: {
        powercfg: () => ({
          exitCode: 0,
          stdout: 'GUID des Energieschemas: a1841308-3541-4fab-bc81-f71556f20b4a  (Energiesparmodus)\r\n',
          stderr: '',
        }),
        powershell: () => ({ exitCode: 0, stdout: '2\r\n', stderr: '' }),
      },
    });
    expect(
      await readPower({ files: createFakeFiles(), processes, host: { platform: 'win32' } }, signal),
    ).toMatchObject({
      source: { value: 'mains' },
      governor: { value: 'Energiesparmodus' },
      isPowerSaver: { value: true },
    });
  });
});
