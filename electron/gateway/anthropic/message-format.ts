import type { Answer, GenerationFormat, ToolCall } from '../generation/format.ts';
import { readArguments } from '../generation/read-arguments.ts';
import { createMessageEncoder } from './message-stream.ts';
import { toStop, toWholeUsage } from './message-numbers.ts';

const toContent = (answer: Answer): readonly unknown[] => [
  ...(answer.reasoning === '' ? [] : [{ type: 'thinking', thinking: answer.reasoning, signature: '' }]),
  ...(answer.content === '' ? [] : [{ type: 'text', text: answer.content, citations: null }]),
  ...answer.toolCalls.map((call: ToolCall) => ({
    type: 'tool_use',
    id: call.id,
    name: call.name,
    input: readArguments(call.arguments),
  })),
];

/** Anthropic's message; there is always one answer. */
export const messageFormat: GenerationFormat = {
  idPrefix: 'msg_',
  parameterNames: { response_format: 'output_config.format' },
  whole: (head, answers, { usage, timings, stats }) => ({
    id: head.id,
    type: 'message',
    role: 'assistant',
    model: head.model,
    content: answers.flatMap(toContent),
    ...toStop(answers[0] ?? { reason: 'stop' }),
    usage: toWholeUsage(usage),
    timings,
    stats,
  }),
  encoder: createMessageEncoder,
};
