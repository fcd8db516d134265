import { z } from 'zod';
import { nullableNumber, sha256Schema } from './common.ts';

/** Raised whenever a definition in docs/quality.md changes; results are reused and compared only within one version. */
export const QUALITY_FORMULA_VERSION = 1;

/** A mean over scored positions with its standard errors. */
export const scoredMeanSchema = z.object({
  value: z.number(),
  /** Block bootstrap over windows: neighbouring tokens are not independent. */
  standardError: z.number(),
  /** As llama.cpp's tool has it, every token taken as independent; for checking against it. */
  tokenStandardError: z.number(),
});
export type ScoredMean = z.infer<typeof scoredMeanSchema>;

/** How the text was read: the protocol of llama.cpp's perplexity tool. */
export const qualityProtocolSchema = z.object({
  /** Tokens per window. */
  contextSize: z.number().int(),
  /** Scored positions per window: the second half without the last. */
  scoredPerWindow: z.number().int(),
  windowCount: z.number().int(),
  addsBos: z.boolean(),
  vocabularySize: z.number().int(),
  llamaCppRelease: z.string(),
  formulaVersion: z.number().int(),
});

const kldSchema = z.object({
  mean: scoredMeanSchema,
  median: z.number(),
  p90: z.number(),
  p95: z.number(),
  p99: z.number(),
  p999: z.number(),
  max: z.number(),
  /** `exact`: over the whole vocabulary. `lower-bound`: from a reference pack; the true values are not smaller. */
  kind: z.enum(['exact', 'lower-bound']),
  /** Mean probability of the base that the pack's tokens hold; 1 when exact. */
  capturedMass: z.number(),
});

/** What the text says of a candidate against its base. Natural logarithms; nats. */
export const textQualitySchema = z.object({
  text: z.object({ name: z.string(), sha256: sha256Schema }),
  protocol: qualityProtocolSchema,
  /** Scored positions. */
  n: z.number().int(),
  pplBase: scoredMeanSchema,
  ppl: scoredMeanSchema,
  /** ln(PPL(Q)/PPL(base)); its error counts the covariance of the two. */
  logRatio: scoredMeanSchema,
  /** Correlation of the two mean log-likelihoods over tokens; `null` when one does not vary. */
  correlation: nullableNumber,
  kld: kldSchema,
  /** Probability of the correct token, candidate − base: mean and root of the mean square, as fractions. */
  deltaP: z.object({ mean: scoredMeanSchema, rms: scoredMeanSchema }),
  /** Share of positions where both hold the same token most likely. */
  sameTop: scoredMeanSchema,
  /** Mean KLD per window, in order; what the standard errors are drawn from. */
  windowKld: z.array(z.number()),
});
export type TextQuality = z.infer<typeof textQualitySchema>;

const proportionSchema = z.object({
  correct: z.number().int(),
  n: z.number().int(),
  share: z.number(),
  /** Wilson score interval, 95 %. */
  low: z.number(),
  high: z.number(),
});

/** Exact-match accuracy on tasks with one right answer, paired item by item. */
export const taskQualitySchema = z.object({
  tasks: z.object({ name: z.string(), sha256: sha256Schema }),
  base: proportionSchema,
  candidate: proportionSchema,
  /** Right in the base and wrong in the candidate, and the reverse. */
  lost: z.number().int(),
  won: z.number().int(),
  /** McNemar's exact test on the flips, two-sided. */
  pValue: z.number(),
  verdict: z.enum(['better', 'worse', 'not-distinguishable']),
  perTask: z.array(
    z.object({ task: z.string(), n: z.number().int(), base: z.number().int(), candidate: z.number().int() }),
  ),
});
export type TaskQuality = z.infer<typeof taskQualitySchema>;

export const qualityModelSchema = z.object({
  modelId: z.string(),
  name: z.string(),
  quantization: z.string(),
  sizeBytes: z.number(),
  bitsPerWeight: z.number(),
  sha256: sha256Schema,
  tensorTypes: z.record(z.string(), z.number().int()),
});
export type QualityModel = z.infer<typeof qualityModelSchema>;

/** A candidate judged against a base. Equal files, text and protocol have equal ids: the result is reused. */
export const qualityResultSchema = z.object({
  id: z.string(),
  measuredAtMs: z.number(),
  base: qualityModelSchema,
  candidate: qualityModelSchema,
  text: textQualitySchema,
  tasks: taskQualitySchema.nullable(),
  /** What ran it; the figures do not depend on the thread count. */
  conditions: z.object({
    dynoVersion: z.string(),
    backend: z.string(),
    /** The base's layers on the GPU, `null` where a pack stood in. */
    baseGpuLayers: nullableNumber,
    candidateGpuLayers: z.number().int(),
  }),
  caveats: z.array(z.string()),
});
export type QualityResult = z.infer<typeof qualityResultSchema>;

const fileOr = <const Word extends string>(...words: readonly Word[]) => z.union([z.enum(words), z.string()]);

export const qualityInputSchema = z
  .object({
    /** Id or path of the base: F16, or the largest file there is. */
    base: z.string().optional(),
    /** Path of a reference pack in its place. */
    pack: z.string().optional(),
    candidates: z.array(z.string()).min(1),
    /** Path of a text; `bundled`: the held-out text of the demo model. */
    text: fileOr('bundled').default('bundled'),
    /** Path of a JSONL of tasks; `none`: perplexity and divergence alone. */
    tasks: fileOr('bundled', 'none').default('bundled'),
    /** At most this many windows of the text. */
    maxWindows: z.number().int().min(2).optional(),
    /** Tokens per window. */
    contextSize: z.number().int().min(16).max(1_048_576).default(512),
  })
  .refine(({ base, pack }) => (base === undefined) !== (pack === undefined), {
    message: 'Give a base or a reference pack, not both.',
    path: ['base'],
  });
export type QualitySpec = z.output<typeof qualityInputSchema>;

export const packInputSchema = z.object({
  base: z.string(),
  /** Absolute path of the pack. */
  out: z.string(),
  text: fileOr('bundled').default('bundled'),
  /** Tokens kept per position. */
  topK: z.number().int().min(1).max(4096).default(64),
  maxWindows: z.number().int().min(2).optional(),
  contextSize: z.number().int().min(16).max(1_048_576).default(512),
});
export type PackSpec = z.output<typeof packInputSchema>;

/** What a pack's header says. */
export const packInfoSchema = z.object({
  path: z.string(),
  sizeBytes: z.number(),
  base: z.object({ name: z.string(), quantization: z.string(), sha256: sha256Schema }),
  text: z.object({ name: z.string(), sha256: sha256Schema }),
  contextSize: z.number().int(),
  windowCount: z.number().int(),
  topK: z.number().int(),
  capturedMass: z.number(),
});
export type PackInfo = z.infer<typeof packInfoSchema>;
