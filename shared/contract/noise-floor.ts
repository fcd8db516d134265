import { z } from 'zod';
import { ladderSchema, metricNameSchema } from './metric-name.ts';

/** What must be the same for a noise floor to hold. */
export const machineFingerprintSchema = z.object({
  cpu: z.string(),
  gpus: z.array(z.string()),
  backend: z.string(),
  dynoVersion: z.string(),
  llamaCppRelease: z.string(),
});
export type MachineFingerprint = z.infer<typeof machineFingerprintSchema>;

/** How far apart equal arms came out on this machine: one model measured against itself. */
export const noiseFloorSchema = z.object({
  measuredAtMs: z.number(),
  runId: z.string(),
  modelId: z.string(),
  quantization: z.string(),
  machine: machineFingerprintSchema,
  /** Engine processes that were loaded with the same file and measured in turns. */
  arms: z.number().int(),
  /** Repetitions per arm. */
  n: z.number().int(),
  floors: z.array(
    z.object({
      ladder: ladderSchema,
      test: z.string(),
      metric: metricNameSchema,
      /** Largest difference between the medians of two arms, as a share of the smaller. */
      share: z.number(),
    }),
  ),
});
export type NoiseFloor = z.infer<typeof noiseFloorSchema>;

export const calibrateInputSchema = z.object({
  /** Id or path; default: the bundled model. */
  model: z.string().optional(),
  arms: z.number().int().min(2).max(8).default(4),
  repetitions: z.number().int().min(6).max(50).default(10),
});

export const noiseFloorsSchema = z.object({
  /** The one comparisons on this machine use now. */
  current: noiseFloorSchema.nullable(),
  /** Why there is none, and what to do about it. */
  missing: z.string().nullable(),
});
export type NoiseFloors = z.infer<typeof noiseFloorsSchema>;
