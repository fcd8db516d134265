import { z } from 'zod';
import { timelinePointSchema } from './bench-tick.ts';
import { benchRunSchema, repetitionSchema } from './bench.ts';

/** A repetition with the cell it belongs to. */
export const cellRepetitionSchema = repetitionSchema.extend({ cellId: z.string() });
export type CellRepetition = z.infer<typeof cellRepetitionSchema>;

/** All there is of a run at one moment: a page that folds the events after `seq` onto it has missed nothing. */
export const runSoFarSchema = z.object({
  /** Number of the last event that is in it. */
  seq: z.number().int(),
  run: benchRunSchema,
  /** Cell by cell, in the order they were measured. */
  repetitions: z.array(cellRepetitionSchema),
  timeline: z.array(timelinePointSchema),
});
export type RunSoFar = z.infer<typeof runSoFarSchema>;
