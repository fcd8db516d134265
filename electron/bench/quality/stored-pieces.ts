import { z } from 'zod';

/** A `WindowScore` as it was stored. */
export const windowScoreSchema = z.object({
  position: z.number().int(),
  nll: z.string(),
  nllBase: z.string(),
  kld: z.string(),
  sameTop: z.string(),
  capturedMass: z.number(),
});

/** A `TaskAnswer` as it was stored. */
export const taskAnswerSchema = z.object({ isCorrect: z.boolean(), output: z.string() });
