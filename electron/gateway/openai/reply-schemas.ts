import { z } from 'zod';
import { rankingSchema } from '../../../shared/contract/engine.ts';
import { statsSchema, timingsSchema } from '../generation/report-schemas.ts';

/** What the server answers, in OpenAI's form plus llama.cpp's `timings` and LM Studio's `stats`. */

export const usageSchema = z.strictObject({
  prompt_tokens: z.number().int(),
  completion_tokens: z.number().int(),
  total_tokens: z.number().int(),
  prompt_tokens_details: z.strictObject({ cached_tokens: z.number().int() }),
  completion_tokens_details: z.strictObject({ reasoning_tokens: z.number().int() }),
});
export type Usage = z.infer<typeof usageSchema>;

export const finishReasonSchema = z.enum(['stop', 'length', 'tool_calls']);
export type OpenAiFinishReason = z.infer<typeof finishReasonSchema>;

const tokenLogprob = { token: z.string(), logprob: z.number(), bytes: z.array(z.number().int()) };
export const chatLogprobsSchema = z.strictObject({
  content: z.array(z.strictObject({ ...tokenLogprob, top_logprobs: z.array(z.strictObject(tokenLogprob)) })),
  refusal: z.null(),
});
export type ChatLogprobs = z.infer<typeof chatLogprobsSchema>;

export const toolCallSchema = z.strictObject({
  id: z.string(),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string(), arguments: z.string() }),
});

const replyHead = {
  id: z.string(),
  created: z.number().int(),
  model: z.string(),
  system_fingerprint: z.string(),
};
const reports = { timings: timingsSchema, stats: statsSchema };

export const chatCompletionSchema = z.strictObject({
  ...replyHead,
  object: z.literal('chat.completion'),
  choices: z.array(
    z.strictObject({
      index: z.number().int(),
      message: z.strictObject({
        role: z.literal('assistant'),
        content: z.string().nullable(),
        refusal: z.null(),
        reasoning_content: z.string().optional(),
        tool_calls: z.array(toolCallSchema).optional(),
      }),
      logprobs: chatLogprobsSchema.nullable(),
      finish_reason: finishReasonSchema,
    }),
  ),
  usage: usageSchema,
  ...reports,
});
export type ChatCompletion = z.infer<typeof chatCompletionSchema>;

export const chatChunkSchema = z.strictObject({
  ...replyHead,
  object: z.literal('chat.completion.chunk'),
  choices: z.array(
    z.strictObject({
      index: z.number().int(),
      delta: z.strictObject({
        role: z.literal('assistant').optional(),
        content: z.string().nullable().optional(),
        reasoning_content: z.string().optional(),
        tool_calls: z
          .array(
            z.strictObject({
              index: z.number().int(),
              id: z.string().optional(),
              type: z.literal('function').optional(),
              function: z.strictObject({ name: z.string().optional(), arguments: z.string() }),
            }),
          )
          .optional(),
      }),
      logprobs: chatLogprobsSchema.nullable(),
      finish_reason: finishReasonSchema.nullable(),
    }),
  ),
  /** There, and `null` but in the last chunk, when the request asked for it. */
  usage: usageSchema.nullable().optional(),
  timings: timingsSchema.optional(),
  stats: statsSchema.optional(),
});

export const completionLogprobsSchema = z.strictObject({
  tokens: z.array(z.string()),
  token_logprobs: z.array(z.number()),
  top_logprobs: z.array(z.record(z.string(), z.number())),
  /** Where each token begins in the answer's text, in UTF-16 units. */
  text_offset: z.array(z.number().int()),
});
export type CompletionLogprobs = z.infer<typeof completionLogprobsSchema>;

const completionChoice = {
  index: z.number().int(),
  text: z.string(),
  logprobs: completionLogprobsSchema.nullable(),
};

export const completionSchema = z.strictObject({
  ...replyHead,
  object: z.literal('text_completion'),
  choices: z.array(z.strictObject({ ...completionChoice, finish_reason: finishReasonSchema })),
  usage: usageSchema,
  ...reports,
});
export type Completion = z.infer<typeof completionSchema>;

export const completionChunkSchema = z.strictObject({
  ...replyHead,
  object: z.literal('text_completion'),
  choices: z.array(z.strictObject({ ...completionChoice, finish_reason: finishReasonSchema.nullable() })),
  usage: usageSchema.nullable().optional(),
  timings: timingsSchema.optional(),
  stats: statsSchema.optional(),
});

export const embeddingsSchema = z.strictObject({
  object: z.literal('list'),
  model: z.string(),
  data: z.array(
    z.strictObject({
      object: z.literal('embedding'),
      index: z.number().int(),
      /** Base64 holds little-endian 32-bit floats. */
      embedding: z.union([z.array(z.number()), z.string()]),
    }),
  ),
  usage: usageSchema,
  ...reports,
});
export type Embeddings = z.infer<typeof embeddingsSchema>;

export const modelObjectSchema = z.strictObject({
  id: z.string(),
  object: z.literal('model'),
  /** Seconds since the epoch. */
  created: z.number().int(),
  owned_by: z.literal('dyno'),
  name: z.string(),
  quantization: z.string(),
  /** Tokens one request may use: the slot's context once an engine is ready, at most the training context. */
  context_length: z.number().int().nullable(),
  is_ready: z.boolean(),
  /** How `/v1/rerank` orders with it; absent until an engine is ready. */
  ranking: rankingSchema.optional(),
  /** Absent without adapters. */
  lora_adapters: z
    .array(z.strictObject({ id: z.number().int(), path: z.string(), scale: z.number() }))
    .readonly()
    .optional(),
});
export type ModelObject = z.infer<typeof modelObjectSchema>;

export const errorReplySchema = z.strictObject({
  error: z.strictObject({
    message: z.string(),
    type: z.string(),
    param: z.string().nullable(),
    code: z.string(),
    prompt_tokens: z.number().optional(),
    max_tokens: z.number().optional(),
    context_size: z.number().optional(),
    progress: z.number().optional(),
    scope: z.string().optional(),
    resource: z.string().optional(),
    limit: z.number().optional(),
    used: z.number().optional(),
    resets_in_s: z.number().optional(),
  }),
});
export type ErrorReply = z.infer<typeof errorReplySchema>;
