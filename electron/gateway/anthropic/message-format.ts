import type { Answer, GenerationFormat, ToolCall } from '../generation/format.ts';
import { createMessageEncoder } from './message-stream.ts';
import { toMessageUsage, toStop } from './message-numbers.ts';

/** The arguments as an object; a call cut off by `max_tokens` is no JSON, and is handed on as the text it is. */
const toInput = (text: string): unknown => {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    return { INVALID_JSON: text };
  }
};

const toContent = (answer: Answer): readonly unknown[] => [
  ...(answer.reasoning === '' ? [] : [{ type: 'thinking', thinking: answer.reasoning, signature: '' }]),
  ...(answer.content === '' ? [] : [{ type: 'text', text: answer.content, citations: null }]),
  ...answer.toolCalls.map((call: ToolCall) => ({
    type: 'tool_use',
    id: call.id,
    name: call.name,
    input: toInput(call.arguments),
  })),
];

/** Anthropic's message; there is always one answer. */
export const messageFormat: GenerationFormat = {
  idPrefix: 'msg_',
  whole: (head, answers, { usage, timings, stats }) => ({
    id: head.id,
    type: 'message',
    role: 'assistant',
    model: head.model,
    content: answers.flatMap(toContent),
    ...toStop(answers[0] ?? { reason: 'stop' }),
    usage: toMessageUsage(usage),
    timings,
    stats,
  }),
  encoder: createMessageEncoder,
};
