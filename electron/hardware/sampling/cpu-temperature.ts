import type { Files } from '../../platform/ports.ts';
import { known, unknown, type Reading } from '../reading.ts';
import { readText } from './read-text.ts';

interface Sensor {
  readonly path: string;
  readonly source: string;
}

/** Drivers of CPU sensors and the label of the whole package's reading, best first. */
const drivers: readonly (readonly [driver: string, labels: readonly string[]])[] = [
  ['coretemp', ['Package id 0', 'Physical id 0']],
  ['zenpower', ['Tdie', 'Tctl']],
  ['k10temp', ['Tdie', 'Tctl']],
  ['cpu_thermal', []],
  ['cpu0_thermal', []],
];

/** Kernel zones that measure the CPU where no hwmon driver does. `acpitz` is left out: it is often the board. */
const zoneTypes = /^(x86_pkg_temp|cpu[-_]?\d*[-_]?thermal|soc[-_]thermal|cpuss.*)$/;

const findHwmon = async (files: Files): Promise<Sensor | undefined> => {
  const found = await Promise.all(
    (await files.list('/sys/class/hwmon')).map(async ({ path }) => ({
      path,
      name: (await readText(files, `${path}/name`)).text,
    })),
  );
  for (const [driver, labels] of drivers) {
    const chip = found.find(({ name }) => name === driver);
    if (chip === undefined) continue;
    for (const label of labels) {
      for (const { name, path } of await files.list(chip.path)) {
        if (!/^temp\d+_label$/.test(name) || (await readText(files, path)).text !== label) continue;
        return { path: path.replace(/_label$/, '_input'), source: `hwmon ${driver} ${label}` };
      }
    }
    return { path: `${chip.path}/temp1_input`, source: `hwmon ${driver}` };
  }
  return undefined;
};

const findZone = async (files: Files): Promise<Sensor | undefined> => {
  for (const { name, path } of await files.list('/sys/class/thermal')) {
    if (!name.startsWith('thermal_zone')) continue;
    const type = (await readText(files, `${path}/type`)).text;
    if (type !== null && zoneTypes.test(type))
      return { path: `${path}/temp`, source: `thermal zone ${type}` };
  }
  return undefined;
};

/** Reads the CPU's temperature from the sensor found at the first call. */
export const createCpuTemperature = (files: Files) => {
  let sensor: Sensor | null | undefined;
  return async (): Promise<Reading> => {
    if (sensor === undefined) sensor = (await findHwmon(files)) ?? (await findZone(files)) ?? null;
    if (sensor === null)
      return unknown('no sensor of the CPU is visible (virtual machine, or driver not loaded)');
    const found = await readText(files, sensor.path);
    if (found.text === null) return unknown(found.reason);
    const millidegrees = Number(found.text);
    return Number.isFinite(millidegrees)
      ? known(millidegrees / 1000, sensor.source)
      : unknown(`the sensor says ${found.text}`);
  };
};
