import { z } from 'zod';

/** llama.cpp's names; `null` where there is nothing to divide. Rates after docs/metrics.md. */
export const timingsSchema = z.strictObject({
  /** Prompt tokens taken from the cache. */
  cache_n: z.number(),
  /** Prompt tokens processed. */
  prompt_n: z.number(),
  prompt_ms: z.number(),
  prompt_per_token_ms: z.number().nullable(),
  prompt_per_second: z.number().nullable(),
  predicted_n: z.number(),
  predicted_ms: z.number(),
  predicted_per_token_ms: z.number().nullable(),
  predicted_per_second: z.number().nullable(),
});
export type Timings = z.infer<typeof timingsSchema>;

export const statsSchema = z.strictObject({
  /** Seconds from the request's arrival to its first token, waiting included. */
  time_to_first_token: z.number().nullable(),
  /** 1 / TPOT over all answers of the request. */
  tokens_per_second: z.number().nullable(),
  /** Seconds the request waited for the engine. */
  queue_time: z.number(),
});
export type Stats = z.infer<typeof statsSchema>;
