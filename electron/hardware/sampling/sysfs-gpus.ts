import type { Clock, Files } from '../../platform/ports.ts';
import { unknown } from '../reading.ts';
import { amdFiles, amdHwmonFiles, readAmdGpu, type SysfsGpu } from '../vendors/amd.ts';
import {
  intelCounters,
  intelFiles,
  intelHwmonFiles,
  readIntelGpu,
  type IntelCounters,
} from '../vendors/intel.ts';
import type { FileText } from '../vendors/sysfs-texts.ts';
import type { PciCard } from './find-cards.ts';
import type { GpuReadings, Probe } from './probe.ts';
import { readText, readTexts } from './read-text.ts';

/** Files that say the same at every reading; they are read once. */
const isConstant = (name: string): boolean =>
  /(_label|_max|_total|product_name|physical_vram_size_bytes)$/.test(name);

/** Where the files of one card lie, and those that never change, already read. */
export interface CardFiles {
  readonly live: readonly (readonly [name: string, path: string])[];
  readonly constant: ReadonlyMap<string, FileText>;
  /** Says whether the card sleeps; read first, since reading the others would wake it. */
  readonly statusPath: string;
  readonly statusName: string;
}

/** Finds the files of a card that its driver really has. */
export const findCardFiles = async (files: Files, card: PciCard): Promise<CardFiles> => {
  const isAmd = card.driver === 'amdgpu';
  const folder = isAmd ? card.deviceFolder : (card.cardFolder ?? card.deviceFolder);
  const hwmon = (await files.list(`${card.deviceFolder}/hwmon`)).at(0);
  const sensors = hwmon === undefined ? [] : await files.list(hwmon.path);
  const candidates: readonly (readonly [string, string])[] = [
    ...(isAmd ? amdFiles : intelFiles).map((name) => [name, `${folder}/${name}`] as const),
    ...sensors
      .filter(({ name }) => (isAmd ? amdHwmonFiles : intelHwmonFiles).test(name))
      .map(({ name, path }) => [`hwmon/${name}`, path] as const),
  ];
  const present = await Promise.all(
    candidates.map(async (pair) => ((await files.stat(pair[1])) === undefined ? [] : [pair])),
  );
  const found = present.flat();
  const statusName = isAmd ? 'power/runtime_status' : 'device/power/runtime_status';
  return {
    constant: await readTexts(
      files,
      found.filter(([name]) => isConstant(name)),
    ),
    live: found.filter(([name]) => !isConstant(name) && name !== statusName),
    statusName,
    statusPath: `${card.deviceFolder}/power/runtime_status`,
  };
};

/** Reads all files of a card, or only the constant ones while it sleeps. */
export const readCardFiles = async (files: Files, card: CardFiles): Promise<Map<string, FileText>> => {
  const status = await readText(files, card.statusPath);
  const live = status.text === 'suspended' ? [] : await readTexts(files, card.live);
  return new Map([...card.constant, ...live, [card.statusName, status]]);
};

/** The iGPU of an Intel CPU always has this address. */
export const isIntegratedIntel = (card: PciCard): boolean =>
  card.vendor === 'intel' && card.address === '0000:00:02.0';

const silent = (reason: string, isUnified: boolean): Omit<SysfsGpu, 'productName'> => ({
  isUnified,
  memoryTotalBytes: unknown(reason),
  memoryUsedBytes: unknown(reason),
  utilizationPercent: unknown(reason),
  temperatureC: unknown(reason),
  powerWatts: unknown(reason),
  coreClockMhz: unknown(reason),
  memoryClockMhz: unknown(reason),
  fanPercent: unknown(reason),
  throttleReasons: unknown(reason),
});

/** A card of which nothing can be read, with the reason at every number. */
export const silentGpu = (card: PciCard, reason: string): GpuReadings => ({
  id: `${card.vendor}:${card.address}`,
  vendor: card.vendor,
  ...silent(reason, isIntegratedIntel(card)),
});

const createCardProbe = (files: Files, clock: Pick<Clock, 'monotonicMs'>, card: PciCard) => {
  let found: CardFiles | undefined;
  let before: IntelCounters | undefined;
  const identity = { id: `${card.vendor}:${card.address}`, vendor: card.vendor };
  return async (): Promise<GpuReadings> => {
    if (card.driver === null) return silentGpu(card, 'no driver is in charge of this card');
    if (!['amdgpu', 'i915', 'xe'].includes(card.driver))
      return silentGpu(card, `Dyno cannot read the driver ${card.driver}`);
    found ??= await findCardFiles(files, card);
    const texts = await readCardFiles(files, found);
    if (card.driver === 'amdgpu') return { ...identity, ...readAmdGpu(texts) };
    const now = intelCounters(texts, clock.monotonicMs());
    const gpu = readIntelGpu(texts, now, { isIntegrated: isIntegratedIntel(card), before });
    before = now;
    return { ...identity, ...gpu };
  };
};

/** AMD and Intel cards through their drivers' files. */
export const createSysfsGpus = (
  files: Files,
  clock: Pick<Clock, 'monotonicMs'>,
  cards: readonly PciCard[],
): Probe<readonly GpuReadings[]> => {
  const probes = cards.map((card) => createCardProbe(files, clock, card));
  return {
    read: () => Promise.all(probes.map((probe) => probe())),
    [Symbol.dispose]: () => undefined,
  };
};
