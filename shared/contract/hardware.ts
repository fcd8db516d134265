import { z } from 'zod';
import { nullableNumber } from './common.ts';

export const gpuVendorSchema = z.enum(['nvidia', 'amd', 'intel', 'apple', 'other']);

export const gpuSchema = z.object({
  /** Stable within a boot: vendor + index or PCI address. */
  id: z.string(),
  vendor: gpuVendorSchema,
  name: z.string(),
  totalMemoryBytes: nullableNumber,
  freeMemoryBytes: nullableNumber,
  driver: z.string().nullable(),
  /** Shares the system's memory (Apple, integrated). */
  isUnified: z.boolean(),
  /** Where the facts come from: `nvidia-smi`, `sysfs`, `ioreg`, `systeminformation`, `llama.cpp`. */
  source: z.string(),
});
export type Gpu = z.infer<typeof gpuSchema>;

export const inventorySchema = z.object({
  takenAtMs: z.number(),
  os: z.object({ platform: z.string(), name: z.string(), release: z.string(), arch: z.string() }),
  cpu: z.object({
    model: z.string(),
    vendor: z.string(),
    physicalCores: z.number().int(),
    logicalCores: z.number().int(),
    performanceCores: z.number().int().nullable(),
    /** Cores this process may use. */
    usableCores: z.number().int(),
    baseClockMhz: nullableNumber,
    maxClockMhz: nullableNumber,
    l3CacheBytes: nullableNumber,
    /** Only the features llama.cpp's CPU backend uses (avx2, avx512f, avx512_vnni, amx…, neon, dotprod, i8mm, sve). */
    features: z.array(z.string()),
  }),
  memory: z.object({
    totalBytes: z.number(),
    availableBytes: z.number(),
    swapTotalBytes: nullableNumber,
    /** Type and speed where the firmware tells: `DDR5`, MT/s. */
    kind: z.string().nullable(),
    speedMtps: nullableNumber,
  }),
  gpus: z.array(gpuSchema),
  /** What the bundled llama.cpp sees, from a throw-away child. `null` with the reason when the probe failed. */
  llama: z
    .object({
      nodeLlamaCppVersion: z.string(),
      llamaCppRelease: z.string(),
      /** Backend in use: cpu, cuda, vulkan, metal. */
      backend: z.string(),
      supportedBackends: z.array(z.string()),
      deviceNames: z.array(z.string()),
      vram: z.object({ totalBytes: z.number(), usedBytes: z.number(), freeBytes: z.number() }).nullable(),
      cpuMathCores: z.number().int(),
    })
    .nullable(),
  llamaProblem: z.string().nullable(),
});
export type Inventory = z.infer<typeof inventorySchema>;

/** One live reading. `null` = unknown; `reasons[<path>]` says why, `sources[<path>]` where a value comes from. */
export const telemetrySampleSchema = z.object({
  /** Monotonic clock of the host, ms. */
  atMs: z.number(),
  wallMs: z.number(),
  cpu: z.object({
    /** 0..100 over all cores. */
    utilizationPercent: nullableNumber,
    perCorePercent: z.array(z.number()).nullable(),
    clockMhz: nullableNumber,
    temperatureC: nullableNumber,
    packagePowerWatts: nullableNumber,
    /** Running total of the package counter since the sampler began, joules. */
    packageEnergyJoules: nullableNumber,
  }),
  memory: z.object({
    usedBytes: z.number(),
    availableBytes: z.number(),
    swapUsedBytes: nullableNumber,
    /** PSI "some" avg10 for memory, percent (Linux). */
    pressurePercent: nullableNumber,
  }),
  /**
   * Pressure-stall information (Linux): percent of the time since the sample before in which some task waited for the
   * resource. Samples of Dyno 0.1.0 lack it.
   */
  pressure: z
    .object({ cpuPercent: nullableNumber, memoryPercent: nullableNumber, ioPercent: nullableNumber })
    .optional(),
  gpus: z.array(
    z.object({
      id: z.string(),
      utilizationPercent: nullableNumber,
      memoryUsedBytes: nullableNumber,
      memoryTotalBytes: nullableNumber,
      temperatureC: nullableNumber,
      powerWatts: nullableNumber,
      /** Counter of the board, joules from an arbitrary start; only differences mean anything. */
      energyJoules: nullableNumber.optional(),
      coreClockMhz: nullableNumber,
      memoryClockMhz: nullableNumber,
      fanPercent: nullableNumber,
      throttleReasons: z.array(z.string()).nullable(),
    }),
  ),
  /** CPU seconds the sampler itself used per second of wall time. */
  samplerCpuShare: nullableNumber,
  reasons: z.record(z.string(), z.string()),
  sources: z.record(z.string(), z.string()),
});
export type TelemetrySample = z.infer<typeof telemetrySampleSchema>;

/** Stands behind every source of a sample that a replay plays: it is no reading of this machine. */
export const RECORDED_MARK = ' (recorded)';

/** One line of `dyno doctor`. */
export const doctorCheckSchema = z.object({
  id: z.string(),
  /** What was looked at, e.g. `GPU driver`. */
  title: z.string(),
  level: z.enum(['ok', 'note', 'warning', 'problem']),
  found: z.string(),
  /** The next step, `null` when nothing is to be done. */
  fix: z.string().nullable(),
});
export type DoctorCheck = z.infer<typeof doctorCheckSchema>;
