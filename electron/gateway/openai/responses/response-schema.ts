import { z } from 'zod';
import { onlySupported } from '../../parameters/only-supported.ts';
import { optionalOrNull } from '../../parameters/optional-or-null.ts';
import { reasoningEffort, serviceTier } from '../sampling-parameters.ts';
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

const included = ['message.output_text.logprobs', 'reasoning.encrypted_content'] as const;
const includable = onlySupported(
  z.enum([
    ...included,
    'code_interpreter_call.outputs',
    'computer_call_output.output.image_url',
    'file_search_call.results',
    'message.input_image.image_url',
    'web_search_call.action.sources',
    'web_search_call.results',
  ]),
  z.enum(included),
  "Tools of OpenAI's cloud and images do not exist here: leave it out",
);

/** Body of `POST /v1/responses`. */
export const responseRequestSchema = z.strictObject({
  model: z.string().min(1).max(512).optional(),
  input: inputSchema,
  instructions: z.string().optional(),
  previous_response_id: z.string().min(1).max(256).optional(),
  store: z.boolean().default(true),
  stream: z.boolean().default(false),
  stream_options: z
    .strictObject({
      include_obfuscation: onlySupported(
        z.boolean(),
        z.literal(false),
        'Events are not padded here: send false or leave it out',
      ).optional(),
    })
    .optional(),
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
      verbosity: optionalOrNull(
        onlySupported(
          z.enum(['low', 'medium', 'high']),
          z.literal('medium'),
          'The model cannot be told: send medium or leave it out',
        ),
      ),
    })
    .optional(),
  reasoning: z
    .strictObject({
      effort: optionalOrNull(reasoningEffort),
      summary: optionalOrNull(z.enum(['auto', 'concise', 'detailed'])),
    })
    .optional(),
  include: z.array(includable).optional(),
  truncation: onlySupported(
    z.enum(['auto', 'disabled']),
    z.literal('disabled'),
    'Nothing is cut out of a conversation here: send disabled or leave it out',
  ).optional(),
  background: onlySupported(
    z.boolean(),
    z.literal(false),
    'Answers are given at once: send false or leave it out',
  ).optional(),
  // Labels, and hints of billing and caching: nothing depends on them here.
  metadata: z.record(z.string().max(64), z.string().max(512)).optional(),
  user: z.string().max(512).optional(),
  safety_identifier: z.string().max(512).optional(),
  prompt_cache_key: z.string().max(512).optional(),
  prompt_cache_retention: z.enum(['in_memory', '24h']).optional(),
  service_tier: serviceTier.optional(),
});
export type ResponseRequest = z.infer<typeof responseRequestSchema>;
