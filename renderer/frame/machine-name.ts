import type { Gpu, Inventory } from '../../shared/contract/hardware.ts';
import { formatGib } from '../../shared/units/format.ts';

/** Marketing words that say nothing: `AMD Ryzen 9 7950X 16-Core Processor` is a Ryzen 9 7950X. */
const noise = /\((R|TM|C)\)|®|™|\bCPU\b|\bProcessor\b|\b\d+-Core\b|\bwith Radeon.*|@ .*/gi;

export const shortCpuName = (model: string): string => model.replace(noise, ' ').replace(/\s+/g, ' ').trim();

export const shortGpuName = (gpu: Gpu): string => {
  const name = gpu.name.replace(/\((R|TM)\)|NVIDIA GeForce |NVIDIA |AMD Radeon /g, '').trim();
  return gpu.totalMemoryBytes === null ? name : `${name} · ${formatGib(gpu.totalMemoryBytes)} GiB`;
};

/** The machine in a few words: its GPUs first, then the processor. */
export const machineName = (inventory: Inventory): readonly string[] => [
  ...inventory.gpus.map(shortGpuName),
  shortCpuName(inventory.cpu.model),
];
