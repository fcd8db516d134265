import { z } from 'zod';
import { optionalOrNull } from '../../parameters/optional-or-null.ts';
import { functionName, jsonObject } from '../tool-schema.ts';
import { inputSchema } from './input-items.ts';

const toolSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('function'),
    name: functionName,
    description: optionalOrNull(z.string()),
    parameters: optionalOrNull(jsonObject),
    strict: optionalOrNull(z.boolean()),
  }),
]);

const textFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    name: z.string(),
    description: z.string().optional(),
    schema: jsonObject,
    strict: optionalOrNull(z.boolean()),
  }),
]);

/** Body of `POST /v1/responses`. */
export const responseRequestSchema = z.strictObject({
  model: z.string().min(1).max(512).optional(),
  input: inputSchema,
  instructions: z.string().optional(),
  previous_response_id: z.string().min(1).max(256).optional(),
  store: z.boolean().default(true),
  stream: z.boolean().default(false),
  stream_options: z.strictObject({ include_obfuscation: z.literal(false).optional() }).optional(),
  max_output_tokens: z.number().int().min(1).max(16_777_216).optional(),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_logprobs: z.number().int().min(0).max(20).optional(),
  tools: z.array(toolSchema).max(128).optional(),
  tool_choice: z
    .union([
      z.enum(['none', 'auto', 'required']),
      z.discriminatedUnion('type', [z.strictObject({ type: z.literal('function'), name: z.string() })]),
    ])
    .optional(),
  parallel_tool_calls: z.boolean().optional(),
  text: z
    .strictObject({
      format: textFormat.optional(),
      verbosity: optionalOrNull(z.literal('medium', 'The model cannot be told: send medium or leave it out')),
    })
    .optional(),
  reasoning: z
    .strictObject({
      effort: optionalOrNull(z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh'])),
      summary: optionalOrNull(z.enum(['auto', 'concise', 'detailed'])),
    })
    .optional(),
  include: z.array(z.enum(['message.output_text.logprobs', 'reasoning.encrypted_content'])).optional(),
  truncation: z
    .literal('disabled', 'Nothing is cut out of a conversation here: send disabled or leave it out')
    .optional(),
  background: z.literal(false, 'Answers are given at once: send false or leave it out').optional(),
  // Labels, and hints of billing and caching: nothing depends on them here.
  metadata: z.record(z.string().max(64), z.string().max(512)).optional(),
  user: z.string().max(512).optional(),
  safety_identifier: z.string().max(512).optional(),
  prompt_cache_key: z.string().max(512).optional(),
  prompt_cache_retention: z.enum(['in_memory', '24h']).optional(),
  service_tier: z.enum(['auto', 'default']).optional(),
});
export type ResponseRequest = z.infer<typeof responseRequestSchema>;
