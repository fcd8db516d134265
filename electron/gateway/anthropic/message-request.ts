import { z } from 'zod';
import type { Grammar, Prompt, ToolChoice } from '../../engine/engine.ts';
import type { Random } from '../../platform/ports.ts';
import type { GenerationCall, QuestionCall } from '../call.ts';
import { toChatPrompt } from '../generation/chat-prompt.ts';
import { thinkingVariables, toTemplateVariables } from '../generation/template-variables.ts';
import { toToolDefinition } from '../generation/tool-definition.ts';
import { reasoningEffort, toSampling } from '../openai/sampling-parameters.ts';
import { onlySupported } from '../parameters/only-supported.ts';
import { optionalOrNull } from '../parameters/optional-or-null.ts';
import type { ServedModel } from '../router/route-table.ts';
import { cacheControl, messageParam, textContent, textOf, toChatMessages } from './content-blocks.ts';
import { messageFormat } from './message-format.ts';

const jsonObject = z.record(z.string(), z.unknown());
const parallel = { disable_parallel_tool_use: z.boolean().optional() };

const thoughtDisplay = optionalOrNull(
  onlySupported(
    z.enum(['summarized', 'omitted']),
    z.literal('summarized'),
    'Thoughts are given as they are: leave it out',
  ),
);

const toolSchema = z.strictObject({
  type: optionalOrNull(
    onlySupported(
      z.string().min(1), // names with a date in them, new ones every few months
      z.literal('custom'),
      "Tools of Anthropic's cloud do not run here: describe one of your own",
    ),
  ),
  name: z.string().regex(/^[\w.-]{1,128}$/u, 'A tool name has up to 128 of a-z, A-Z, 0-9, _ . -'),
  description: z.string().optional(),
  input_schema: jsonObject,
  strict: z.boolean().optional(),
  eager_input_streaming: optionalOrNull(z.boolean()),
  cache_control: cacheControl,
});

const chatShape = {
  model: z.string().min(1).max(512),
  messages: z.array(messageParam).min(1).max(8192),
  system: textContent.optional(),
  tools: z.array(toolSchema).max(128).optional(),
  tool_choice: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('auto'), ...parallel }),
      z.strictObject({ type: z.literal('any'), ...parallel }),
      z.strictObject({ type: z.literal('tool'), name: z.string(), ...parallel }),
      z.strictObject({ type: z.literal('none') }),
    ])
    .optional(),
  thinking: z
    .discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('enabled'),
        budget_tokens: z.number().int().min(1).max(16_777_216),
        display: thoughtDisplay,
      }),
      z.strictObject({ type: z.literal('adaptive'), display: thoughtDisplay }),
      z.strictObject({ type: z.literal('disabled') }),
    ])
    .optional(),
  output_config: z
    .strictObject({
      effort: optionalOrNull(reasoningEffort.pipe(z.enum(['low', 'medium', 'high', 'xhigh']))),
      format: optionalOrNull(z.strictObject({ type: z.literal('json_schema'), schema: jsonObject })),
    })
    .optional(),
  cache_control: cacheControl,
} as const;

/** Body of `POST /v1/messages/count_tokens`. */
export const countRequestSchema = z.strictObject(chatShape);
type CountRequest = z.infer<typeof countRequestSchema>;

/** Body of `POST /v1/messages`. */
export const messageRequestSchema = z.strictObject({
  ...chatShape,
  max_tokens: z.number().int().min(1).max(16_777_216),
  stream: z.boolean().default(false),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.number().int().min(0).max(1_000_000).optional(),
  stop_sequences: z.array(z.string().min(1)).max(16).optional(),
  // Labels and a price class: nothing depends on them here.
  metadata: z.strictObject({ user_id: optionalOrNull(z.string().max(512)) }).optional(),
  service_tier: z.enum(['auto', 'standard_only']).optional(),
});
export type MessageRequest = z.infer<typeof messageRequestSchema>;

const names = {
  messages: 'messages',
  tools: 'tools',
  toolName: 'name',
  toolChoice: 'tool_choice',
  toolChoiceName: 'tool_choice.name',
};

const toToolChoice = ({ tool_choice: choice }: CountRequest): ToolChoice | undefined => {
  switch (choice?.type) {
    case undefined:
      return undefined;
    case 'any':
      return { type: 'required' };
    case 'tool':
      return { type: 'named', name: choice.name };
    case 'auto':
    case 'none':
      return { type: choice.type };
    default:
      return choice satisfies never;
  }
};

const toVariables = (request: CountRequest, model: ServedModel) => {
  const { thinking, output_config: output } = request;
  const variables = {
    ...(thinking === undefined
      ? {}
      : thinkingVariables(thinking.type !== 'disabled', model, { effort: 'thinking' })),
    ...toTemplateVariables({ effort: output?.effort }, model, { effort: 'output_config.effort' }),
  };
  return Object.keys(variables).length === 0 ? undefined : variables;
};

const toPrompt = (request: CountRequest, model: ServedModel): Extract<Prompt, { readonly type: 'chat' }> => {
  const { system, messages, tools = [] } = request;
  return toChatPrompt(
    {
      messages: [
        ...(system === undefined ? [] : [{ role: 'system' as const, content: textOf(system) }]),
        ...messages.flatMap(toChatMessages),
      ],
      tools: tools.map((tool) => toToolDefinition({ ...tool, parameters: tool.input_schema })),
      toolChoice: toToolChoice(request),
      templateVariables: toVariables(request, model),
    },
    model,
    names,
  );
};

const toGrammar = (request: MessageRequest): Grammar | undefined => {
  const format = request.output_config?.format;
  if (format === undefined) return undefined;
  return { type: 'json-schema', schema: format.schema };
};

const hasFailedResult = ({ messages }: MessageRequest): boolean =>
  messages.some(
    ({ content }) =>
      typeof content !== 'string' &&
      content.some((block) => block.type === 'tool_result' && block.is_error === true),
  );

const warningsOf = (request: MessageRequest): readonly string[] => {
  const { thinking } = request;
  const isSummarised = thinking !== undefined && 'display' in thinking && thinking.display === 'summarized';
  return [
    ...(thinking?.type === 'enabled'
      ? ['thinking.budget_tokens is not enforced: thoughts and answer share max_tokens.']
      : []),
    ...(isSummarised ? ['thinking.display: thoughts are given as they are, not summarised.'] : []),
    ...(hasFailedResult(request)
      ? ['tool_result.is_error: the text of the result is all that the model is told.']
      : []),
  ];
};

/**
 * The call a message request asks for.
 * @throws AppError `gateway.invalid-value`, `gateway.unsupported-parameter`
 */
export const toMessageCall = (
  request: MessageRequest,
  model: ServedModel,
  random: Random,
): GenerationCall => {
  const grammar = toGrammar(request);
  return {
    type: 'generation',
    model,
    choices: [
      {
        request: {
          prompt: toPrompt(request, model),
          sampling: toSampling(request, model, random),
          maxTokens: request.max_tokens,
          stop: request.stop_sequences ?? [],
          ...(grammar === undefined ? {} : { grammar }),
        },
        promptIndex: 0,
        allowsParallelToolCalls:
          request.tool_choice === undefined ||
          request.tool_choice.type === 'none' ||
          request.tool_choice.disable_parallel_tool_use !== true,
      },
    ],
    isStream: request.stream,
    format: messageFormat,
    warnings: warningsOf(request),
  };
};

/** Counts the prompt as the model's own template and tokenizer make it. */
export const toCountCall = (request: CountRequest, model: ServedModel): QuestionCall => {
  const prompt = toPrompt(request, model);
  return {
    type: 'question',
    model,
    answer: async (replica) => ({ input_tokens: (await replica.renderChat(prompt)).tokens }),
  };
};
