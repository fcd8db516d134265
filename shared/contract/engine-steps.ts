import { z } from 'zod';
import { nullableNumber } from './common.ts';

/** Newest steps of an engine that are kept: ten seconds of a fast model, minutes of a slow one. */
export const keptSteps = 512;

/** One step of an engine, exactly as it was: a batch that decoded, or one that took in prompts. */
export const engineStepSchema = z.object({
  /** When it ended, on the machine's monotonic clock, ms. */
  atMs: z.number(),
  /** Sequences that decoded a token each; 0 in a step of prefill. */
  decoded: z.number().int(),
  /** Prompt tokens taken in; 0 in a step of decode. */
  prefilled: z.number().int(),
  /** The whole step, sampling included. */
  tookMs: z.number(),
  /** Sampling alone; `null` where the library does both in one call. */
  sampleMs: nullableNumber,
  /** Requests with a slot, and those that waited for one, when it ended. */
  running: z.number().int(),
  queued: z.number().int(),
});
export type EngineStep = z.infer<typeof engineStepSchema>;

/** What an engine did in steps of either kind, in all. */
export interface StepTotals {
  readonly prefillMs: number;
  readonly decodeMs: number;
  /** Prompt tokens taken in. */
  readonly prefilled: number;
}

export const stepsInputSchema = z.object({
  replicaId: z.string(),
  /** At most so many, the newest. */
  last: z.coerce.number().int().min(1).max(keptSteps).default(keptSteps),
});
