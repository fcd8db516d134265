import type { z } from 'zod';

/** Reads the one JSON document a command printed; text around it fails. */
export const jsonOf = <Value>(schema: z.ZodType<Value>, { stdout }: { readonly stdout: string }): Value =>
  schema.parse(JSON.parse(stdout));
