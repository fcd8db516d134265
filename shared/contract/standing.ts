import { z } from 'zod';

/** What the holders of stopped keys are told; one line. */
export const suspensionReasonSchema = z
  .string()
  .trim()
  .min(1)
  .max(200, 'A reason has at most 200 characters')
  .regex(/^[^\p{Cc}]*$/u, 'A reason has no control characters');

/**
 * How a tenant or a project stands: active ⇄ suspended, and removed from either. Keys of one that is suspended stop at
 * once and work again when it is resumed. `removed` is for good: its keys are revoked, its id is never given again, and
 * it stays only because the ledger names it.
 */
export const standingSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('active') }),
  z.object({
    type: z.literal('suspended'),
    atMs: z.number(),
    /** Told to the holders of its keys; `null`: none given. */
    reason: z.string().nullable(),
  }),
  z.object({ type: z.literal('removed'), atMs: z.number() }),
]);
export type Standing = z.infer<typeof standingSchema>;
