import { z } from 'zod';
import type { ChatMessage } from '../../engine/engine.ts';
import { onlySupported } from '../parameters/only-supported.ts';
import { optionalOrNull } from '../parameters/optional-or-null.ts';

const textPart = z.strictObject({ type: z.literal('text'), text: z.string() });
const refusalPart = z.strictObject({ type: z.literal('refusal'), refusal: z.string() });
const content = z.union([z.string(), z.array(z.discriminatedUnion('type', [textPart, refusalPart])).min(1)]);
const name = z.string().min(1).max(64).optional();

/** A call the assistant made earlier; `index` is what clients copy from stream chunks. */
const toolCall = z.strictObject({
  id: z.string().min(1).max(128),
  type: z.literal('function').default('function'),
  index: z.number().int().optional(),
  function: z.strictObject({ name: z.string().min(1), arguments: z.string() }),
});

/**
 * Clients send the assistant's message back as they got it, with OpenAI's empty fields in it: those are accepted where
 * they are empty.
 */
const assistantMessage = z
  .strictObject({
    role: z.literal('assistant'),
    content: optionalOrNull(content),
    name,
    reasoning_content: optionalOrNull(z.string()),
    reasoning: optionalOrNull(z.string()),
    tool_calls: optionalOrNull(z.array(toolCall)),
    refusal: optionalOrNull(z.string()),
    annotations: onlySupported(
      z.array(z.unknown()),
      z.array(z.never()),
      'The model is told no sources: leave them out',
    ).nullish(),
    audio: onlySupported(z.looseObject({}), z.never(), 'This engine reads text only').nullish(),
    function_call: onlySupported(z.looseObject({}), z.never(), 'Use tool_calls').nullish(),
  })
  .refine(
    (message) =>
      message.content !== undefined || message.refusal !== undefined || (message.tool_calls?.length ?? 0) > 0,
    { path: ['content'], error: 'An assistant message needs content or tool_calls' },
  );

export const messageSchema = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content, name }),
  z.strictObject({ role: z.literal('developer'), content, name }),
  z.strictObject({ role: z.literal('user'), content, name }),
  assistantMessage,
  z.strictObject({ role: z.literal('tool'), content, name, tool_call_id: z.string().min(1) }),
]);
type Message = z.infer<typeof messageSchema>;

const textOf = (value: z.infer<typeof content>): string =>
  typeof value === 'string'
    ? value
    : value.map((part) => (part.type === 'text' ? part.text : part.refusal)).join('');

/** The message in the engine's form; parts of a content array are joined as they stand. */
export const toChatMessage = (message: Message): ChatMessage => {
  const named = 'name' in message && message.name !== undefined ? { name: message.name } : {};
  switch (message.role) {
    case 'system':
    case 'developer':
    case 'user':
      return { role: message.role, content: textOf(message.content), ...named };
    case 'tool':
      return { role: 'tool', content: textOf(message.content), toolCallId: message.tool_call_id, ...named };
    case 'assistant': {
      const reasoning = message.reasoning_content ?? message.reasoning;
      const calls = message.tool_calls?.map((call) => ({
        id: call.id,
        name: call.function.name,
        arguments: call.function.arguments,
      }));
      return {
        role: 'assistant',
        content: message.content === undefined ? (message.refusal ?? '') : textOf(message.content),
        ...named,
        ...(reasoning === undefined ? {} : { reasoning }),
        ...(calls === undefined || calls.length === 0 ? {} : { toolCalls: calls }),
      };
    }
    default:
      return message satisfies never;
  }
};
