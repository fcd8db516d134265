import { z } from 'zod';

/**
 * Where an answer came from: `prefix`, prompt tokens that the engine's KV cache still held; `exact`, the kept answer to
 * the very same request, no engine at work. A tier that comes later is added to this list.
 */
export const cacheTierSchema = z.enum(['none', 'prefix', 'exact']);
export type CacheTier = z.infer<typeof cacheTierSchema>;

/** Requests by cache tier; those of before it was kept are in none of them. */
export const tierCountsSchema = z.record(cacheTierSchema, z.number());
export type TierCounts = z.infer<typeof tierCountsSchema>;
