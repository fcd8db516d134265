import type { Files } from '../../platform/ports.ts';
import { gpuVendorOf, isGpuClass, type GpuVendor } from '../vendors/pci.ts';
import { readTexts } from './read-text.ts';

/** A graphics card or accelerator on the PCI bus, with or without a driver. */
export interface PciCard {
  /** `0000:03:00.0` */
  readonly address: string;
  readonly vendor: GpuVendor;
  readonly vendorId: string;
  readonly deviceId: string;
  /** Kernel driver in charge: `amdgpu`, `xe`, `nouveau`…; `null` when none is. */
  readonly driver: string | null;
  readonly deviceFolder: string;
  /** `/sys/class/drm/card1`; `null` without a DRM driver. */
  readonly cardFolder: string | null;
}

/** DRM card folders by PCI address. */
const findDrmCards = async (files: Files): Promise<ReadonlyMap<string, string>> => {
  const cards = (await files.list('/sys/class/drm')).filter(({ name }) => /^card\d+$/.test(name));
  const pairs = await Promise.all(
    cards.map(async ({ path }): Promise<[string, string][]> => {
      const device = `${path}/device`;
      // a virtual card has no device; a card that vanished meanwhile has none either
      if ((await files.stat(device)) === undefined) return [];
      return [[(await files.realPath(device)).split('/').at(-1) ?? '', path]];
    }),
  );
  return new Map(pairs.flat());
};

/** Every GPU on the PCI bus that could compute, in the order of addresses. Empty where there is no PCI bus. */
export const findCards = async (files: Files): Promise<readonly PciCard[]> => {
  const drmCards = await findDrmCards(files);
  const devices = await files.list('/sys/bus/pci/devices');
  const cards = await Promise.all(
    devices.map(async ({ name, path }): Promise<PciCard[]> => {
      const texts = await readTexts(
        files,
        ['class', 'vendor', 'device', 'uevent'].map((file): [string, string] => [file, `${path}/${file}`]),
      );
      const text = (file: string): string => texts.get(file)?.text ?? '';
      const vendor = gpuVendorOf(text('vendor'));
      if (!isGpuClass(text('class')) || vendor === undefined) return [];
      return [
        {
          address: name,
          vendor,
          vendorId: text('vendor'),
          deviceId: text('device'),
          driver: /^DRIVER=(.+)$/m.exec(text('uevent'))?.[1] ?? null,
          deviceFolder: path,
          cardFolder: drmCards.get(name) ?? null,
        },
      ];
    }),
  );
  return cards.flat().sort((a, b) => a.address.localeCompare(b.address));
};
