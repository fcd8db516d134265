import type { ChatMessage, Grammar, ToolChoice } from '../../../engine/engine.ts';
import type { Random } from '../../../platform/ports.ts';
import type { GenerationCall } from '../../call.ts';
import { toChatPrompt } from '../../generation/chat-prompt.ts';
import { toTemplateVariables } from '../../generation/template-variables.ts';
import { toToolDefinition } from '../../generation/tool-definition.ts';
import type { ServedModel } from '../../router/route-table.ts';
import { toSampling } from '../sampling-parameters.ts';
import { toMessages } from './input-items.ts';
import { responseFormat } from './response-format.ts';
import type { ResponseRequest } from './response-schema.ts';
import type { ResponseStore } from './response-store.ts';

export interface ResponsePorts {
  readonly random: Random;
  readonly responses: ResponseStore;
  /** Whose responses `previous_response_id` may name. */
  readonly keyId: string;
}

const toToolChoice = ({ tool_choice: choice }: ResponseRequest): ToolChoice | undefined => {
  if (choice === undefined) return undefined;
  return typeof choice === 'string' ? { type: choice } : { type: 'named', name: choice.name };
};

const toGrammar = ({ text }: ResponseRequest): Grammar | undefined => {
  const format = text?.format;
  if (format === undefined || format.type === 'text') return undefined;
  return format.type === 'json_object'
    ? { type: 'json-object' }
    : { type: 'json-schema', schema: format.schema };
};

const warningsOf = ({ reasoning, include }: ResponseRequest): readonly string[] => [
  ...(reasoning?.summary === undefined
    ? []
    : ['reasoning.summary: thoughts are given as they are, not summarised.']),
  ...(include?.includes('reasoning.encrypted_content') === true
    ? ['reasoning.encrypted_content: thoughts are given in clear text.']
    : []),
];

/**
 * The call a request of the Responses API asks for, after the conversation it goes on from. Instructions are those of
 * this request only, as at OpenAI.
 * @throws AppError `gateway.invalid-value`, `gateway.unsupported-parameter`, `gateway.previous-response-not-found`
 */
export const toResponseCall = (
  request: ResponseRequest,
  model: ServedModel,
  { random, responses, keyId }: ResponsePorts,
): GenerationCall => {
  const previous = request.previous_response_id;
  const conversation: readonly ChatMessage[] = [
    ...(previous === undefined ? [] : responses.get(keyId, previous)),
    ...toMessages(request.input),
  ];
  const { instructions } = request;
  const prompt = toChatPrompt(
    {
      messages: [
        ...(instructions === undefined ? [] : [{ role: 'system' as const, content: instructions }]),
        ...conversation,
      ],
      tools: (request.tools ?? []).map((tool) => toToolDefinition(tool)),
      toolChoice: toToolChoice(request),
      templateVariables: toTemplateVariables({ effort: request.reasoning?.effort }, model, {
        effort: 'reasoning.effort',
      }),
    },
    model,
    {
      messages: 'input',
      tools: 'tools',
      toolName: 'name',
      toolChoice: 'tool_choice',
      toolChoiceName: 'tool_choice.name',
    },
  );
  const grammar = toGrammar(request);
  const wantsLogprobs =
    request.top_logprobs !== undefined || request.include?.includes('message.output_text.logprobs') === true;
  return {
    type: 'generation',
    model,
    choices: [
      {
        request: {
          prompt,
          sampling: toSampling({ temperature: request.temperature, top_p: request.top_p }, model, random),
          maxTokens: request.max_output_tokens ?? null,
          stop: [],
          ...(grammar === undefined ? {} : { grammar }),
          ...(wantsLogprobs ? { logprobs: { top: request.top_logprobs ?? 0 } } : {}),
        },
        promptIndex: 0,
        allowsParallelToolCalls: request.parallel_tool_calls ?? true,
      },
    ],
    isStream: request.stream,
    format: responseFormat(request, (responseId, answer) => {
      responses.put(keyId, responseId, {
        messages: [...conversation, answer],
        isStored: request.store,
      });
    }),
    warnings: warningsOf(request),
  };
};
