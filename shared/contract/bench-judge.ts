import { z } from 'zod';
import { errorPayloadSchema } from './common.ts';

/** How the quality of a run's files is judged: the run's unquantized file, else its largest, is the base. */
export const judgeWishSchema = z.object({
  /** Path of a text; `bundled`: the held-out text. */
  text: z.string().default('bundled'),
  /** Path of a JSONL of tasks; `bundled`; `none`: divergence and perplexity alone. */
  tasks: z.string().default('none'),
  /** At most this many windows of the text. */
  maxWindows: z.number().int().min(2).optional(),
});
export type JudgeWish = z.infer<typeof judgeWishSchema>;

const figureSchema = z.object({
  value: z.number(),
  /** By block bootstrap over windows. */
  standardError: z.number(),
});
export type QualityFigure = z.infer<typeof figureSchema>;

/** What a comparison shows of a quality result; natural logarithms. The base is 0 nats away from itself. */
export const qualityFiguresSchema = z.object({
  /** Of the whole result in the quality store; `null` for the base. */
  resultId: z.string().nullable(),
  /** Mean KL divergence from the base, nats. */
  kld: figureSchema,
  ppl: figureSchema,
  /** Share of positions where base and file hold the same token most likely. */
  sameTop: figureSchema,
  /** Scored positions. */
  n: z.number().int(),
  tasks: z
    .object({
      correct: z.number().int(),
      n: z.number().int(),
      share: z.number(),
      /** Wilson score interval, 95 %. */
      low: z.number(),
      high: z.number(),
      /** Against the base, by McNemar's exact test; `null` for the base. */
      verdict: z.enum(['better', 'worse', 'not-distinguishable']).nullable(),
    })
    .nullable(),
});
export type QualityFigures = z.infer<typeof qualityFiguresSchema>;

/** waiting → judging → judged | failed | skipped; a new start of the run tries one without figures again. */
export const judgeStateSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('waiting') }),
  z.object({ type: z.literal('judging') }),
  z.object({ type: z.literal('judged'), figures: qualityFiguresSchema }),
  z.object({ type: z.literal('failed'), error: errorPayloadSchema }),
  /** It was not tried, because something before it failed; the reason is a sentence. */
  z.object({ type: z.literal('skipped'), reason: z.string() }),
]);
export type JudgeState = z.infer<typeof judgeStateSchema>;

/** A file of the run whose quality is judged, after the measurements. */
export const judgeStepSchema = z.object({
  modelId: z.string(),
  /** The others are held against it. */
  isBase: z.boolean(),
  state: judgeStateSchema,
});
export type JudgeStep = z.infer<typeof judgeStepSchema>;
