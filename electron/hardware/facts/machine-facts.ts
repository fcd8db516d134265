import { z } from 'zod';
import { inventorySchema } from '../../../shared/contract/hardware.ts';

/** What nvidia-smi said when it was asked for the inventory. */
export const nvidiaStateSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('cards') }),
  z.object({ type: z.literal('not-installed') }),
  z.object({ type: z.literal('failed'), found: z.string(), fix: z.string() }),
]);

/**
 * Facts of the machine that do not change while it runs, gathered in a throw-away worker: the inventory without
 * llama.cpp's part, and what only the doctor asks for.
 */
export const machineFactsSchema = inventorySchema
  .omit({ takenAtMs: true, llama: true, llamaProblem: true })
  .extend({
    nvidia: nvidiaStateSchema,
    /** Kernel drivers of the cards on the PCI bus (Linux); `null` where no driver is in charge. */
    cardDrivers: z.array(
      z.object({ address: z.string(), vendor: z.string(), driver: z.string().nullable() }),
    ),
    /** Limits of containers and systemd; `null` for none. */
    limits: z.object({
      cpus: z.number().nullable(),
      memoryBytes: z.number().nullable(),
    }),
    /** Why the CPU's energy cannot be read, `null` when it can. */
    energyProblem: z.string().nullable(),
  });
export type MachineFacts = z.infer<typeof machineFactsSchema>;

/** What systeminformation adds to what Dyno reads itself; `null` where it says nothing. */
export interface SystemInformation {
  readonly osName: string;
  readonly osRelease: string;
  readonly cpuModel: string | null;
  readonly cpuVendor: string | null;
  readonly physicalCores: number | null;
  readonly performanceCores: number | null;
  readonly baseClockMhz: number | null;
  readonly maxClockMhz: number | null;
  readonly l3CacheBytes: number | null;
  readonly cpuFlags: readonly string[];
  readonly memoryKind: string | null;
  readonly memorySpeedMtps: number | null;
  readonly swapTotalBytes: number | null;
}
