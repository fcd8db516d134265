import { z } from 'zod';
import { nullableNumber } from './common.ts';

/** A request's share of what the devices drew while it ran; the rule is in docs/energy.md. */
export const rowEnergySchema = z.object({
  /** Of all `devices` together; `null` where none was read for all of its time. */
  joules: nullableNumber,
  /** What was read, as `CPU package`. */
  devices: z.array(z.string()),
  /** Why there is no figure, or what is not in it; `null` where nothing is missing. */
  reason: z.string().nullable(),
});
export type RowEnergy = z.infer<typeof rowEnergySchema>;

/** Energy of a group of requests: of those that have a figure, and how many those are. */
export const energySumSchema = z.object({ joules: z.number(), requests: z.number() });
export type EnergySum = z.infer<typeof energySumSchema>;
