import { z } from 'zod';
import type { ChatMessage } from '../../engine/engine.ts';
import { onlySupported } from '../parameters/only-supported.ts';
import { optionalOrNull } from '../parameters/optional-or-null.ts';

/** A hint of Anthropic's cache. Prefixes are reused here without being asked, so it changes nothing. */
export const cacheControl = optionalOrNull(
  z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() }),
);

const textBlock = z.strictObject({
  type: z.literal('text'),
  text: z.string(),
  cache_control: cacheControl,
  citations: onlySupported(
    z.array(z.unknown()),
    z.array(z.never()),
    'The model is told no sources: leave them out',
  ).nullish(),
});
export const textContent = z.union([z.string(), z.array(z.discriminatedUnion('type', [textBlock]))]);

const toolResultBlock = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string().min(1),
  content: textContent.optional(),
  is_error: z.boolean().optional(),
  cache_control: cacheControl,
});

const thinkingBlock = z.strictObject({
  type: z.literal('thinking'),
  thinking: z.string(),
  signature: z.string().optional(),
});

const toolUseBlock = z.strictObject({
  type: z.literal('tool_use'),
  id: z.string().min(1).max(128),
  name: z.string().min(1),
  input: z.record(z.string(), z.unknown()),
  caller: z.discriminatedUnion('type', [z.strictObject({ type: z.literal('direct') })]).optional(),
  cache_control: cacheControl,
});

const userMessage = z.strictObject({
  role: z.literal('user'),
  content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textBlock, toolResultBlock])).min(1)]),
});
const assistantMessage = z.strictObject({
  role: z.literal('assistant'),
  content: z.union([
    z.string(),
    z.array(z.discriminatedUnion('type', [textBlock, thinkingBlock, toolUseBlock])).min(1),
  ]),
});
const systemMessage = z.strictObject({ role: z.literal('system'), content: textContent });
export const messageParam = z.discriminatedUnion('role', [userMessage, assistantMessage, systemMessage]);

export const textOf = (content: z.infer<typeof textContent>): string =>
  typeof content === 'string' ? content : content.map(({ text }) => text).join('');

const toUserMessages = ({ content }: z.infer<typeof userMessage>): readonly ChatMessage[] => {
  if (typeof content === 'string') return [{ role: 'user', content }];
  const results = content.flatMap((block): readonly ChatMessage[] =>
    block.type === 'tool_result'
      ? [{ role: 'tool', content: textOf(block.content ?? ''), toolCallId: block.tool_use_id }]
      : [],
  );
  const texts = content.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  return texts.length === 0 ? results : [...results, { role: 'user', content: texts.join('') }];
};

const toAssistantMessage = ({ content }: z.infer<typeof assistantMessage>): ChatMessage => {
  if (typeof content === 'string') return { role: 'assistant', content };
  const reasoning = content.flatMap((block) => (block.type === 'thinking' ? [block.thinking] : [])).join('');
  const calls = content.flatMap((block) =>
    block.type === 'tool_use'
      ? [{ id: block.id, name: block.name, arguments: JSON.stringify(block.input) }]
      : [],
  );
  return {
    role: 'assistant',
    content: content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join(''),
    ...(reasoning === '' ? {} : { reasoning }),
    ...(calls.length === 0 ? {} : { toolCalls: calls }),
  };
};

/** One message of Anthropic's as messages of the engine: each tool result becomes one of its own, before the text. */
export const toChatMessages = (message: z.infer<typeof messageParam>): readonly ChatMessage[] => {
  switch (message.role) {
    case 'user':
      return toUserMessages(message);
    case 'assistant':
      return [toAssistantMessage(message)];
    case 'system':
      return [{ role: 'system', content: textOf(message.content) }];
    default:
      return message satisfies never;
  }
};
