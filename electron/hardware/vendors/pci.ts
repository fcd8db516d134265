import type { Gpu } from '../../../shared/contract/hardware.ts';

export type GpuVendor = Gpu['vendor'];

const vendors: Readonly<Record<string, GpuVendor>> = {
  '0x10de': 'nvidia',
  '0x1002': 'amd',
  '0x8086': 'intel',
  '0x106b': 'apple',
};

/** Graphics of servers' management chips and of virtual machines, which compute nothing. */
const displayOnly: ReadonlySet<string> = new Set([
  '0x1a03', // ASPEED
  '0x102b', // Matrox
  '0x1234', // QEMU
  '0x1af4', // virtio
  '0x1b36', // Red Hat QXL
  '0x15ad', // VMware
  '0x80ee', // VirtualBox
  '0x1013', // Cirrus
  '0x1414', // Hyper-V
]);

/** The vendor of a PCI id such as `0x1002`; `undefined` for hardware that only shows pictures. */
export const gpuVendorOf = (pciVendorId: string): GpuVendor | undefined =>
  displayOnly.has(pciVendorId) ? undefined : (vendors[pciVendorId] ?? 'other');

/** PCI classes of graphics (0x03….) and of processing accelerators (0x1200..), as sysfs writes them. */
export const isGpuClass = (pciClass: string): boolean => /^0x(03\d{4}|1200\d{2})$/.test(pciClass);

/** The name of a device in pci.ids: `Navi 31 [Radeon RX 7900 XT/7900 XTX/7900 GRE/7900M]`. Ids like `0x1002`. */
export const findPciName = (pciIds: string, vendorId: string, deviceId: string): string | undefined => {
  const start = pciIds.search(new RegExp(`^${vendorId.slice(2)}  `, 'm'));
  if (start === -1) return undefined;
  const rest = pciIds.slice(pciIds.indexOf('\n', start) + 1);
  const end = rest.search(/^[0-9a-fC]/m);
  const block = end === -1 ? rest : rest.slice(0, end);
  return new RegExp(`^\\t${deviceId.slice(2)}  (.*)$`, 'm').exec(block)?.[1];
};

/** The short, familiar part of a pci.ids name: what stands in brackets, if anything does. */
export const familiarName = (name: string): string => /\[(.+)\]\s*$/.exec(name)?.[1] ?? name;
