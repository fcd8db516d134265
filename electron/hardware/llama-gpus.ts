import type { Gpu, Inventory } from '../../shared/contract/hardware.ts';

/**
 * Fills in from llama.cpp what the system does not tell: the memory of a single GPU whose driver keeps it to itself
 * (Intel's xe), and GPUs the system does not list at all (ARM boards). With several GPUs llama.cpp tells only the sum,
 * so then nothing is filled in.
 */
export const withLlamaDevices = (gpus: readonly Gpu[], llama: Inventory['llama']): Gpu[] => {
  if (llama === null || llama.backend === 'cpu') return [...gpus];
  const { deviceNames, vram } = llama;
  const [only] = gpus;
  if (only === undefined) {
    const isSingle = deviceNames.length === 1;
    return deviceNames.map((name, index) => ({
      id: `other:${index}`,
      vendor: 'other',
      name,
      totalMemoryBytes: isSingle ? (vram?.totalBytes ?? null) : null,
      freeMemoryBytes: isSingle ? (vram?.freeBytes ?? null) : null,
      driver: null,
      isUnified: false,
      source: 'llama.cpp',
    }));
  }
  if (gpus.length > 1 || deviceNames.length > 1 || vram === null || only.totalMemoryBytes !== null)
    return [...gpus];
  return [
    {
      ...only,
      totalMemoryBytes: vram.totalBytes,
      freeMemoryBytes: vram.freeBytes,
      source: `${only.source}, memory from llama.cpp`,
    },
  ];
};
