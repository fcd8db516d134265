import { z } from 'zod';
import { nullableNumber } from './common.ts';

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

/** What a limit belongs to: the whole server, a tenant, a key, or a key in what it asks of one model. */
export const limitOwnerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('server') }),
  z.object({ type: z.literal('tenant'), tenantId: z.string() }),
  z.object({ type: z.literal('key'), keyId: z.string() }),
  z.object({ type: z.literal('model'), keyId: z.string(), modelId: z.string() }),
]);
export type LimitOwner = z.infer<typeof limitOwnerSchema>;

/** What is left of one limit now. */
export const limitUseSchema = z.object({
  owner: limitOwnerSchema,
  resource: z.enum(['requests', 'tokens', 'concurrency']),
  limit: z.number().int(),
  /** Whole units that would be let through at once. */
  remaining: z.number().int(),
  /** Until all of it is there again; `null` for concurrency, which falls free as requests end. */
  resetMs: nullableNumber,
});
export type LimitUse = z.infer<typeof limitUseSchema>;
