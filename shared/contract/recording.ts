import { z } from 'zod';
import { base, none } from './base.ts';
import { nullableNumber } from './common.ts';

/** Text that was kept, from its beginning; `isCut` where it was longer than what is kept. */
export const keptTextSchema = z.object({ text: z.string(), isCut: z.boolean() });
export type KeptText = z.infer<typeof keptTextSchema>;

/** What the engine was given: the chat through the model's template, or the text itself. */
export const recordedPromptSchema = z.discriminatedUnion('type', [
  keptTextSchema.extend({
    type: z.literal('rendered'),
    /** By the model's tokenizer; `null` for a prompt that is plain text. */
    tokens: nullableNumber,
  }),
  /** It could not be told; the answer is not touched by that. */
  z.object({ type: z.literal('failed'), reason: z.string() }),
]);
export type RecordedPrompt = z.infer<typeof recordedPromptSchema>;

/** What one step of the engine added. */
export const recordedPieceSchema = z.object({
  channel: z.enum(['content', 'reasoning', 'tool-call']),
  text: z.string(),
  /** Tokens it stands for: more than 1 where a character took several. */
  tokens: z.number().int(),
  /** Milliseconds from the request's arrival. */
  atMs: z.number(),
});
export type RecordedPiece = z.infer<typeof recordedPieceSchema>;

export const recordedChoiceSchema = z.object({
  /** `null` until the engine began on it. */
  prompt: recordedPromptSchema.nullable(),
  pieces: z.array(recordedPieceSchema),
  /** More pieces were made than are kept. */
  isCut: z.boolean(),
  finishReason: z.string().nullable(),
});
export type RecordedChoice = z.infer<typeof recordedChoiceSchema>;

/** A request with what it said and was answered. Kept in memory alone, while the owner records. */
export const recordedRequestSchema = z.object({
  requestId: z.string(),
  /** As it came in, before any stage read it. */
  body: keptTextSchema,
  choices: z.array(recordedChoiceSchema),
});
export type RecordedRequest = z.infer<typeof recordedRequestSchema>;

export const recordingStatusSchema = z.object({
  isOn: z.boolean(),
  /** Requests that are kept now. */
  kept: z.number().int(),
  /** The newest so many are kept. */
  limit: z.number().int(),
});
export type RecordingStatus = z.infer<typeof recordingStatusSchema>;

export const recordingProcedures = {
  status: base.route({ method: 'GET', path: '/recording' }).input(none).output(recordingStatusSchema),
  /** Off forgets all that was kept. Each change is a line of the audit log. */
  turn: base
    .route({ method: 'POST', path: '/recording' })
    .input(z.object({ isOn: z.boolean() }))
    .output(recordingStatusSchema),
  /** @throws `app.not-found` for a request that came while nothing was recorded, or that newer ones pushed out */
  get: base
    .route({ method: 'GET', path: '/recording/{requestId}' })
    .input(z.object({ requestId: z.string() }))
    .output(recordedRequestSchema),
};
