import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { base } from './base.ts';

/** Whether a server answers as programs written for a public API expect it to. */

export const compatInputSchema = z.object({
  /** Base address, with or without `/v1`. */
  url: z.url({ protocol: /^https?$/u }),
  apiKey: z.string().min(1).max(512).optional(),
  /** Name of the model to ask; the first the server lists when omitted. */
  model: z.string().min(1).max(512).optional(),
});
export type CompatInput = z.infer<typeof compatInputSchema>;

export const compatGroupSchema = z.enum([
  'models',
  'chat',
  'completions',
  'responses',
  'anthropic',
  'ollama',
  'errors',
]);
export type CompatGroup = z.infer<typeof compatGroupSchema>;

export const compatResultSchema = z.object({
  /** Unique, as `chat.tool-choice-named`. */
  id: z.string(),
  group: compatGroupSchema,
  /** What the server should do, as a sentence. */
  title: z.string(),
  /** `missing`: the server has no such route. */
  outcome: z.enum(['passed', 'failed', 'missing']),
  /** What was seen instead; `null` when it passed. */
  found: z.string().nullable(),
  ms: z.number(),
});
export type CompatResult = z.infer<typeof compatResultSchema>;

export const compatEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), model: z.string(), checks: z.number().int() }),
  z.object({ type: z.literal('checked'), result: compatResultSchema }),
]);
export type CompatEvent = z.infer<typeof compatEventSchema>;

export const compatProcedures = {
  /** Runs every check once, one after another. */
  run: base
    .route({ method: 'POST', path: '/compat' })
    .input(compatInputSchema)
    .output(eventIterator(compatEventSchema)),
};
