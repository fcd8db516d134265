import { z } from 'zod';
import type { ChatMessage, GenerateRequest, Grammar, Prompt, ToolChoice } from '../../engine/engine.ts';
import type { Random } from '../../platform/ports.ts';
import type { GenerationCall } from '../call.ts';
import { toChatPrompt } from '../generation/chat-prompt.ts';
import { nameWarnings } from '../generation/unread-names.ts';
import { toTemplateVariables } from '../generation/template-variables.ts';
import { toToolDefinition } from '../generation/tool-definition.ts';
import { toAdapters } from '../llama/lora.ts';
import type { ServedModel } from '../router/route-table.ts';
import { chatFormat } from './formats.ts';
import { messageSchema, toChatMessage } from './message-schema.ts';
import { onlySupported } from '../parameters/only-supported.ts';
import { invalidValue, unsupportedParameter } from '../parameters/parameter-error.ts';
import {
  chosenMaxTokens,
  generationShape,
  reasoningEffort,
  serviceTier,
  toSampling,
  toStop,
} from './sampling-parameters.ts';
import { jsonObject, toolSchema } from './tool-schema.ts';

const toolChoiceSchema = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: z.string() }) }),
  ]),
]);

const responseFormatSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object'), schema: jsonObject.optional() }),
  z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({
      name: z.string().optional(),
      description: z.string().optional(),
      schema: jsonObject,
      strict: z.boolean().nullish(),
    }),
  }),
]);

/** Body of `POST /v1/chat/completions`: all that is honoured, and OpenAI's parameters that change nothing here. */
export const chatRequestSchema = z.strictObject({
  ...generationShape,
  messages: z.array(messageSchema).min(1).max(8192),
  max_completion_tokens: generationShape.max_tokens,
  tools: z.array(toolSchema).max(128).optional(),
  tool_choice: toolChoiceSchema.optional(),
  parallel_tool_calls: z.boolean().optional(),
  response_format: responseFormatSchema.optional(),
  logprobs: z.boolean().optional(),
  top_logprobs: z.number().int().min(0).max(20).optional(),
  reasoning_effort: reasoningEffort.optional(),
  chat_template_kwargs: jsonObject.optional(),
  // No-ops: labels, hints of billing and caching, and values that ask for what happens anyway.
  metadata: z.record(z.string().max(64), z.string().max(512)).optional(),
  safety_identifier: z.string().max(512).optional(),
  prompt_cache_key: z.string().max(512).optional(),
  service_tier: serviceTier.optional(),
  store: onlySupported(
    z.boolean(),
    z.literal(false),
    'Nothing is ever stored here: send false or leave it out',
  ).optional(),
  modalities: onlySupported(
    z.array(z.enum(['text', 'audio'])).min(1),
    z.tuple([z.literal('text')]),
    'The engine makes text only: send ["text"] or leave it out',
  ).optional(),
});
export type ChatRequest = z.infer<typeof chatRequestSchema>;

/** A GBNF binds the whole answer, so with it the model could never call a tool: refused rather than passed over. */
const checkGrammarWithTools = (request: ChatRequest): void => {
  if (request.grammar === undefined || (request.tools ?? []).length === 0) return;
  if (request.tool_choice === 'none') return;
  throw unsupportedParameter(
    'grammar',
    'An answer that may call tools cannot be held to a grammar as well.',
    'Send tool_choice none for the answer in this grammar, or leave it out.',
  );
};

const toGrammar = (request: ChatRequest): Grammar | undefined => {
  checkGrammarWithTools(request);
  const format = request.response_format;
  const isConstrained = format !== undefined && format.type !== 'text';
  if (request.grammar !== undefined) {
    if (isConstrained)
      throw invalidValue('grammar', 'grammar and response_format exclude each other.', 'Send one of them.');
    return { type: 'gbnf', text: request.grammar };
  }
  if (format === undefined || format.type === 'text') return undefined;
  if (format.type === 'json_schema') return { type: 'json-schema', schema: format.json_schema.schema };
  return format.schema === undefined
    ? { type: 'json-object' }
    : { type: 'json-schema', schema: format.schema };
};

const toToolChoice = ({ tool_choice: choice }: ChatRequest): ToolChoice | undefined => {
  if (choice === undefined) return undefined;
  return typeof choice === 'string' ? { type: choice } : { type: 'named', name: choice.function.name };
};

const names = {
  messages: 'messages',
  tools: 'tools',
  toolName: 'function.name',
  toolChoice: 'tool_choice',
  toolChoiceName: 'tool_choice.function.name',
};

const toPrompt = (request: ChatRequest, messages: readonly ChatMessage[], model: ServedModel): Prompt =>
  toChatPrompt(
    {
      messages,
      tools: (request.tools ?? []).map(({ function: tool }) => toToolDefinition(tool)),
      toolChoice: toToolChoice(request),
      templateVariables: toTemplateVariables(
        { effort: request.reasoning_effort, kwargs: request.chat_template_kwargs },
        model,
        { effort: 'reasoning_effort' },
      ),
    },
    model,
    names,
  );

/**
 * The call a chat request asks for, its `n` answers with seeds that follow each other.
 * @throws AppError `gateway.invalid-value`, `gateway.unsupported-parameter`
 */
export const toChatCall = (request: ChatRequest, model: ServedModel, random: Random): GenerationCall => {
  if (request.top_logprobs !== undefined && request.logprobs !== true) {
    throw invalidValue('top_logprobs', 'top_logprobs needs logprobs.', 'Send logprobs: true.');
  }
  const grammar = toGrammar(request);
  const sampling = toSampling(request, model, random);
  const messages = request.messages.map(toChatMessage);
  const common = {
    prompt: toPrompt(request, messages, model),
    maxTokens: chosenMaxTokens(request.max_completion_tokens, request.max_tokens) ?? null,
    stop: toStop(request.stop),
    cachePrompt: request.cache_prompt ?? true,
    ignoreEos: request.ignore_eos ?? false,
    ...toAdapters(request.lora, model),
    ...(grammar === undefined ? {} : { grammar }),
    ...(request.logprobs === true ? { logprobs: { top: request.top_logprobs ?? 0 } } : {}),
  } satisfies Omit<GenerateRequest, 'id' | 'sampling'>;
  return {
    type: 'generation',
    model,
    choices: Array.from({ length: request.n }, (_, index) => ({
      request: { ...common, sampling: { ...sampling, seed: (sampling.seed + index) >>> 0 } },
      promptIndex: 0,
      allowsParallelToolCalls: request.parallel_tool_calls ?? true,
    })),
    isStream: request.stream,
    format: chatFormat(request.stream_options?.include_usage ?? false),
    warnings: nameWarnings(messages, model),
  };
};
