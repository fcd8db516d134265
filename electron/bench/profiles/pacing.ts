import { z } from 'zod';

/**
 * How the requests of a stage follow each other; it crosses the border to the driver process.
 *
 * - `closed`: every stream sends its next request when the last one is answered (after its think time).
 * - `open`: requests go out at their offsets whatever the server does; beyond `maxInFlight` they are dropped and counted,
 *   never delayed.
 */
export const pacingSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('closed'),
    /** Requests each stream sends at least. */
    atLeast: z.number().int(),
    /** A stream goes on sending until the window has lasted this long. */
    minimumMs: z.number(),
    /** Its requests begin again from the first when all are sent and the window lasts on. */
    repeats: z.boolean(),
  }),
  z.object({ type: z.literal('open'), maxInFlight: z.number().int() }),
]);
export type Pacing = z.infer<typeof pacingSchema>;
export type ClosedPacing = Extract<Pacing, { type: 'closed' }>;
export type OpenPacing = Extract<Pacing, { type: 'open' }>;
