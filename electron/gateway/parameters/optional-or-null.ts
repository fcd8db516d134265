import type { z } from 'zod';

/** A field that clients leave out or send as null, which mean the same here: `undefined`. */
export const optionalOrNull = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);
