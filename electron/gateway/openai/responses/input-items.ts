import { z } from 'zod';
import type { ChatMessage } from '../../../engine/engine.ts';
import { optionalOrNull } from '../../parameters/optional-or-null.ts';

const id = optionalOrNull(z.string().max(256));
const status = optionalOrNull(z.enum(['in_progress', 'completed', 'incomplete']));

const part = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('input_text'), text: z.string() }),
  z.strictObject({
    type: z.literal('output_text'),
    text: z.string(),
    annotations: z.array(z.unknown()).optional(),
    logprobs: optionalOrNull(z.array(z.unknown())),
  }),
  z.strictObject({ type: z.literal('refusal'), refusal: z.string() }),
]);
const content = z.union([z.string(), z.array(part)]);

const itemSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('message'),
    role: z.enum(['user', 'system', 'developer', 'assistant']),
    content,
    id,
    status,
    phase: optionalOrNull(z.string()),
  }),
  z.strictObject({
    type: z.literal('function_call'),
    call_id: z.string().min(1).max(128),
    name: z.string().min(1),
    arguments: z.string(),
    id,
    status,
  }),
  z.strictObject({
    type: z.literal('function_call_output'),
    call_id: z.string().min(1).max(128),
    output: content,
    id,
    status,
  }),
  z.strictObject({
    type: z.literal('reasoning'),
    summary: z.array(z.strictObject({ type: z.literal('summary_text'), text: z.string() })).default([]),
    content: optionalOrNull(z.array(z.strictObject({ type: z.literal('reasoning_text'), text: z.string() }))),
    encrypted_content: optionalOrNull(z.string()),
    id,
    status,
  }),
]);

/** Clients leave out the type of a message. */
const withType = (item: unknown): unknown =>
  typeof item === 'object' && item !== null && !('type' in item) && 'role' in item
    ? { ...item, type: 'message' }
    : item;

export const inputSchema = z.union([
  z.string(),
  z.array(z.preprocess(withType, itemSchema)).min(1).max(8192),
]);
export type InputItem = z.infer<typeof itemSchema>;

const textOf = (value: z.infer<typeof content>): string =>
  typeof value === 'string'
    ? value
    : value.map((each) => (each.type === 'refusal' ? each.refusal : each.text)).join('');

type AssistantMessage = Extract<ChatMessage, { readonly role: unknown }>;

/** The turn so far and what this item adds to it: thoughts, text and calls of one turn are items of their own here. */
const extend = (turn: AssistantMessage, item: InputItem): AssistantMessage => {
  switch (item.type) {
    case 'reasoning':
      return {
        ...turn,
        reasoning: (turn.reasoning ?? '') + (item.content ?? item.summary).map(({ text }) => text).join(''),
      };
    case 'function_call':
      return {
        ...turn,
        toolCalls: [
          ...(turn.toolCalls ?? []),
          { id: item.call_id, name: item.name, arguments: item.arguments },
        ],
      };
    case 'message':
      return { ...turn, content: turn.content + textOf(item.content) };
    case 'function_call_output':
      return turn;
    default:
      return item satisfies never;
  }
};

const isOfAssistant = (item: InputItem): boolean =>
  item.type === 'reasoning' ||
  item.type === 'function_call' ||
  (item.type === 'message' && item.role === 'assistant');

/** Input as messages of the engine; items of the assistant that follow each other become one message. */
export const toMessages = (input: z.infer<typeof inputSchema>): readonly ChatMessage[] => {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  const messages: ChatMessage[] = [];
  for (const item of input) {
    const last = messages.at(-1);
    if (isOfAssistant(item)) {
      if (last?.role === 'assistant') messages[messages.length - 1] = extend(last, item);
      else messages.push(extend({ role: 'assistant', content: '' }, item));
    } else if (item.type === 'function_call_output') {
      messages.push({ role: 'tool', content: textOf(item.output), toolCallId: item.call_id });
    } else if (item.type === 'message') messages.push({ role: item.role, content: textOf(item.content) });
  }
  return messages;
};
