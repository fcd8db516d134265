import { z } from 'zod';
import { nullableNumber } from './common.ts';

/**
 * Energy of one device over the measured time of a cell. Only what was measured is named: the CPU package or the GPU
 * board, never the whole system.
 */
export const deviceEnergySchema = z.object({
  /** `CPU package`, `GPU board nvidia:0`. */
  device: z.string(),
  /** `null` where it cannot be told; `reason` says why. */
  value: z
    .object({
      joules: z.number(),
      seconds: z.number(),
      /** Tokens of the measured time: prompt tokens in prefill, generated ones in decode and over the API. */
      tokens: z.number(),
      joulesPerToken: z.number(),
      /** Less what the idle device draws; `null` where the idle draw is unknown. */
      joulesPerTokenAboveIdle: nullableNumber,
      idleWatts: nullableNumber,
      /** Difference of a counter, or power readings integrated over time. */
      method: z.enum(['counter', 'power readings']),
      readings: z.number().int(),
      source: z.string(),
    })
    .nullable(),
  reason: z.string().nullable(),
  /** Kind of the reason. `interrupted`: a sensor that answers fell silent or began anew while measured. */
  cause: z.enum(['no-sensor', 'not-separable', 'too-short', 'interrupted']).nullable().default(null),
});
export type DeviceEnergy = z.infer<typeof deviceEnergySchema>;

/** What the machine was like while the repetitions of a cell ran. */
export const cellConditionsSchema = z.object({
  /** What the tokens of the energy are: prefill and decode are cells of their own, the API mixes the two. */
  phase: z.enum(['prefill', 'decode', 'mixed']),
  energy: z.array(deviceEnergySchema),
  /** Median over the readings; `null` where the system does not tell. */
  foreignCpuPercent: nullableNumber,
  /** Share of the time in which some task waited for it (PSI "some"), percent. */
  cpuPressurePercent: nullableNumber,
  memoryPressurePercent: nullableNumber,
  ioPressurePercent: nullableNumber,
  /** CPU seconds per second of the telemetry process: what watching costs. */
  samplerCpuShare: nullableNumber,
  /** Telemetry readings that fell into the measured time. */
  readings: z.number().int(),
});
export type CellConditions = z.infer<typeof cellConditionsSchema>;
