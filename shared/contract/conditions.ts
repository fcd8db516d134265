import { z } from 'zod';
import { estimateSchema, nullableNumber } from './common.ts';

/** Kind of the reason. `interrupted`: a sensor that answers fell silent or began anew while measured. */
const energyCauseSchema = z.enum(['no-sensor', 'not-separable', 'too-short', 'interrupted']);

/** Joules over a stretch of time, and what they are divided by. */
const measuredEnergySchema = z.object({
  joules: z.number(),
  seconds: z.number(),
  /** Tokens of the measured time: prompt tokens in prefill, generated ones in decode and over the API. */
  tokens: z.number(),
  joulesPerToken: z.number(),
  /** Less what the idle device draws; `null` where the idle draw is unknown. */
  joulesPerTokenAboveIdle: nullableNumber,
  /** Readings of the sensor that fell into it. */
  readings: z.number().int(),
});

/** Energy of one device in one measured repetition. */
export const repetitionEnergySchema = z.object({
  index: z.number().int(),
  /** `null` where it cannot be told; `reason` says why. */
  value: measuredEnergySchema.nullable(),
  reason: z.string().nullable(),
  cause: energyCauseSchema.nullable(),
});
export type RepetitionEnergy = z.infer<typeof repetitionEnergySchema>;

/**
 * Energy of one device over the measured time of a cell. Only what was measured is named: the CPU package or the GPU
 * board, never the whole system.
 */
export const deviceEnergySchema = z.object({
  /** `CPU package`, `GPU board nvidia:0`. */
  device: z.string(),
  /** Over all repetitions as one; `null` where it cannot be told, and `reason` says why. */
  value: measuredEnergySchema
    .extend({
      idleWatts: nullableNumber,
      /** Difference of a counter, or power readings integrated over time. */
      method: z.enum(['counter', 'power readings']),
      source: z.string(),
    })
    .nullable(),
  reason: z.string().nullable(),
  cause: energyCauseSchema.nullable().default(null),
  /** Each measured repetition by itself; empty where none can have a figure, and in runs of before they were told. */
  repetitions: z.array(repetitionEnergySchema).default([]),
  /** J/token over the repetitions that have a figure; `null` where none has. */
  perToken: estimateSchema.nullable().default(null),
  /** The same above idle; `null` where one of them has none. */
  perTokenAboveIdle: estimateSchema.nullable().default(null),
});
export type DeviceEnergy = z.infer<typeof deviceEnergySchema>;

/** What a comparison shows of a device's energy in the decode test of a row. */
export const rowEnergySchema = deviceEnergySchema
  .pick({ device: true, perToken: true, perTokenAboveIdle: true })
  .extend({
    /** J/token over all repetitions as one, for where they are too short to be told one by one. */
    windowJoulesPerToken: nullableNumber,
    /** Why there is neither figure. */
    reason: z.string().nullable(),
  });
export type RowEnergy = z.infer<typeof rowEnergySchema>;

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
