import { z } from 'zod';

/** Who goes first when there is not room for all; `batch` alone is shed, and ages so that it never starves. */
export const tiers = ['realtime', 'interactive', 'batch'] as const;
export const tierSchema = z.enum(tiers);
export type Tier = z.infer<typeof tierSchema>;

const limit = z.number().int().min(1).max(1_000_000_000).nullable();

/** `null`: no limit of its own. Rates are GCRA: a full minute's worth at once, then refilled evenly. */
export const limitsSchema = z.object({
  requestsPerMinute: limit.default(null),
  /** Prompt and output tokens together. */
  tokensPerMinute: limit.default(null),
  /** Requests in flight, waiting ones included. */
  concurrency: limit.default(null),
});
export type Limits = z.infer<typeof limitsSchema>;

export const noLimits: Limits = { requestsPerMinute: null, tokensPerMinute: null, concurrency: null };
