import { z } from 'zod';
import type { ChatMessage } from '../../engine/engine.ts';
import { onlySupported } from '../parameters/only-supported.ts';
import { optionalOrNull } from '../parameters/optional-or-null.ts';

const jsonObject = z.record(z.string(), z.unknown());

const toolCall = z.strictObject({
  id: z.string().optional(),
  type: z.literal('function').optional(),
  function: z.strictObject({
    index: z.number().int().optional(),
    name: z.string().min(1),
    arguments: jsonObject,
  }),
});

/** Clients send their empty lists; an image is refused. */
export const noImages = optionalOrNull(
  onlySupported(z.array(z.string()), z.array(z.never()), 'This engine reads text only'),
);

export const messageSchema = z.strictObject({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.string().default(''),
  thinking: optionalOrNull(z.string()),
  images: noImages,
  tool_calls: optionalOrNull(z.array(toolCall)),
  tool_name: optionalOrNull(z.string()),
  tool_call_id: optionalOrNull(z.string()),
});
type Message = z.infer<typeof messageSchema>;

/** Ollama's calls have no ids, the results name their tool at most: each result takes the oldest call that fits. */
export const toChatMessages = (messages: readonly Message[]): readonly ChatMessage[] => {
  const open: { readonly id: string; readonly name: string }[] = [];
  const takeCall = ({ tool_name, tool_call_id }: Message): string | undefined => {
    const fits = open.findIndex(
      ({ id, name }) =>
        (tool_call_id === undefined || id === tool_call_id) &&
        (tool_name === undefined || name === tool_name),
    );
    return fits < 0 ? tool_call_id : open.splice(fits, 1)[0]?.id;
  };
  return messages.map((message, at): ChatMessage => {
    const { role, content, thinking } = message;
    if (role === 'tool') {
      const toolCallId = takeCall(message);
      return { role, content, ...(toolCallId === undefined ? {} : { toolCallId }) };
    }
    if (role !== 'assistant') return { role, content };
    const calls = (message.tool_calls ?? []).map((call, index) => ({
      id: call.id ?? `call_${at}_${index}`,
      name: call.function.name,
      arguments: JSON.stringify(call.function.arguments),
    }));
    open.push(...calls);
    return {
      role,
      content,
      ...(thinking === undefined || thinking === '' ? {} : { reasoning: thinking }),
      ...(calls.length === 0 ? {} : { toolCalls: calls }),
    };
  });
};
