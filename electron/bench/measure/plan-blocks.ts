import type { Inventory } from '../../../shared/contract/hardware.ts';

export interface BlockPlan {
  /** `interleaved`: all models loaded at once and measured in turns. `blocks`: one model after the other. */
  readonly order: 'interleaved' | 'blocks';
  /** Model ids that are loaded at the same time. */
  readonly blocks: readonly (readonly string[])[];
}

/** Share of the free memory models may take together; the rest is for caches, buffers and other programs. */
const usableShare = 0.7;
/** CPU backends repack some types into a second copy beside the mapped file. */
const ramPerFileByte = 2;
const vramPerFileByte = 1.15;
/** Runtime, graph and KV cache of one engine process. */
const processBytes = 512 * 1024 ** 2;

/**
 * Whether all models fit in memory together, so that their repetitions can take turns. If they do not, they are
 * measured one after the other, and the result says so. Pure.
 */
export const planBlocks = (
  models: readonly { readonly modelId: string; readonly sizeBytes: number }[],
  memory: { readonly availableRamBytes: number; readonly freeVramBytes: number | null },
): BlockPlan => {
  const needs = (perFileByte: number): number =>
    models.reduce((sum, model) => sum + model.sizeBytes * perFileByte + processBytes, 0);
  const isTogether =
    memory.freeVramBytes === null
      ? needs(ramPerFileByte) <= memory.availableRamBytes * usableShare
      : needs(vramPerFileByte) <= memory.freeVramBytes * usableShare;
  const ids = models.map((model) => model.modelId);
  if (ids.length === 1 || isTogether) return { order: 'interleaved', blocks: [ids] };
  return { order: 'blocks', blocks: ids.map((id) => [id]) };
};

/** Free memory of the device models are loaded to; `null` when that is the CPU. */
export const freeVramBytes = (
  inventory: Inventory,
  gpuLayers: number | string | undefined,
): number | null => {
  const isOnCpu = inventory.llama === null || inventory.llama.backend === 'cpu' || gpuLayers === 0;
  return isOnCpu ? null : (inventory.llama?.vram?.freeBytes ?? null);
};
