import type { Gpu } from '../../../shared/contract/hardware.ts';
import type { Files, HostFacts, Processes } from '../../platform/ports.ts';
import { ioregArguments } from '../sampling/apple.ts';
import type { PciCard } from '../sampling/find-cards.ts';
import type { NvidiaAnswer } from '../sampling/nvidia-query.ts';
import { readText } from '../sampling/read-text.ts';
import { findCardFiles, isIntegratedIntel, readCardFiles } from '../sampling/sysfs-gpus.ts';
import { adapterVendor, queryAdapters } from '../sampling/windows.ts';
import { readAmdGpu, type SysfsGpu } from '../vendors/amd.ts';
import { parseIoreg } from '../vendors/apple.ts';
import { intelCounters, readIntelGpu } from '../vendors/intel.ts';
import type { NvidiaGpu } from '../vendors/nvidia.ts';
import { familiarName, findPciName } from '../vendors/pci.ts';

interface GpuPorts {
  readonly files: Files;
  readonly processes: Pick<Processes, 'run'>;
}

/** Memory of the machine, which stands for a GPU's own where it has none. */
export interface SystemMemory {
  readonly totalBytes: number;
  readonly availableBytes: number;
}

const pciIdFiles = ['/usr/share/misc/pci.ids', '/usr/share/hwdata/pci.ids', '/usr/share/pci.ids'];

const nameOfCard = async (files: Files, card: PciCard): Promise<string> => {
  const prefix = { amd: 'AMD', intel: 'Intel', nvidia: 'NVIDIA', apple: 'Apple', other: 'GPU' }[card.vendor];
  for (const path of pciIdFiles) {
    const { text } = await readText(files, path);
    const name = text === null ? undefined : findPciName(text, card.vendorId, card.deviceId);
    if (name !== undefined) return `${prefix} ${familiarName(name)}`;
  }
  return `${prefix} ${card.vendorId.slice(2)}:${card.deviceId.slice(2)}`;
};

/** A unified GPU without figures of its own gets the machine's. */
const withSystemMemory = (gpu: Gpu, memory: SystemMemory): Gpu =>
  gpu.isUnified && gpu.totalMemoryBytes === null
    ? { ...gpu, totalMemoryBytes: memory.totalBytes, freeMemoryBytes: memory.availableBytes }
    : gpu;

const ofNvidia = (gpu: NvidiaGpu): Gpu => ({
  id: gpu.id,
  vendor: 'nvidia',
  name: gpu.name,
  totalMemoryBytes: gpu.memoryTotalBytes.value,
  freeMemoryBytes: gpu.memoryFreeBytes.value,
  driver: gpu.driver,
  isUnified: gpu.isUnified,
  source: 'nvidia-smi',
});

const readCard = async (files: Files, card: PciCard): Promise<SysfsGpu | undefined> => {
  if (card.driver === null || !['amdgpu', 'i915', 'xe'].includes(card.driver)) return undefined;
  const texts = await readCardFiles(files, await findCardFiles(files, card));
  if (card.driver === 'amdgpu') return readAmdGpu(texts);
  return readIntelGpu(texts, intelCounters(texts, 0), {
    isIntegrated: isIntegratedIntel(card),
    before: undefined,
  });
};

const ofCard = async (files: Files, card: PciCard, kernel: string): Promise<Gpu> => {
  const gpu = await readCard(files, card);
  const total = gpu?.memoryTotalBytes.value ?? null;
  const used = gpu?.memoryUsedBytes.value ?? null;
  return {
    id: `${card.vendor}:${card.address}`,
    vendor: card.vendor,
    name: gpu?.productName ?? (await nameOfCard(files, card)),
    totalMemoryBytes: total,
    freeMemoryBytes: total === null || used === null ? null : total - used,
    driver: card.driver === null ? null : `${card.driver} (Linux ${kernel})`,
    isUnified: gpu?.isUnified ?? isIntegratedIntel(card),
    source: 'sysfs',
  };
};

const appleGpus = async (ports: GpuPorts, signal: AbortSignal, release: string): Promise<readonly Gpu[]> => {
  const answer = await ports.processes.run('ioreg', ioregArguments, { timeoutMs: 10_000, signal });
  return parseIoreg(answer?.stdout ?? '').map((gpu, index): Gpu => {
    const total = gpu.memoryTotalBytes.value;
    const used = gpu.memoryUsedBytes.value;
    return {
      id: `apple:${index}`,
      vendor: 'apple',
      name: gpu.coreCount === null ? gpu.name : `${gpu.name} (${gpu.coreCount} GPU cores)`,
      totalMemoryBytes: total,
      freeMemoryBytes: total === null || used === null ? null : total - used,
      driver: `macOS ${release}`,
      isUnified: gpu.isUnified,
      source: 'ioreg',
    };
  });
};

const windowsGpus = async (ports: GpuPorts, signal: AbortSignal): Promise<readonly Gpu[]> => {
  const adapters = await queryAdapters(ports.processes, signal);
  return adapters.map((adapter): Gpu => {
    const vendor = adapterVendor(adapter);
    return {
      id: `${vendor}:${adapter.luid}`,
      vendor,
      name: adapter.name,
      totalMemoryBytes: adapter.isIntegrated ? null : adapter.dedicatedBytes,
      freeMemoryBytes: null,
      driver: adapter.driver,
      isUnified: adapter.isIntegrated,
      source: 'registry (DirectX)',
    };
  });
};

/** Every GPU of the machine: NVIDIA's through nvidia-smi, the others through the system. */
export const listGpus = async (
  ports: GpuPorts,
  seen: {
    readonly platform: HostFacts['platform'];
    readonly osRelease: string;
    readonly nvidia: NvidiaAnswer;
    readonly cards: readonly PciCard[];
    readonly memory: SystemMemory;
    readonly signal: AbortSignal;
  },
): Promise<Gpu[]> => {
  const nvidia = seen.nvidia.type === 'cards' ? seen.nvidia.gpus.map(ofNvidia) : [];
  const isTold = (vendor: string): boolean => vendor === 'nvidia' && nvidia.length > 0;
  const cards = await Promise.all(
    seen.cards
      .filter(({ vendor }) => !isTold(vendor))
      .map((card) => ofCard(ports.files, card, seen.osRelease)),
  );
  const others =
    seen.platform === 'darwin'
      ? await appleGpus(ports, seen.signal, seen.osRelease)
      : seen.platform === 'win32'
        ? (await windowsGpus(ports, seen.signal)).filter(({ vendor }) => !isTold(vendor))
        : [];
  return [...nvidia, ...cards, ...others].map((gpu) => withSystemMemory(gpu, seen.memory));
};
