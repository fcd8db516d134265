import { isDeepStrictEqual } from 'node:util';
import type { EngineReplica, GenerateRequest, ToolDefinition } from '../../engine/index.ts';
import type { TaskItem } from './task-items.ts';

/** What a model answered to an item. */
export interface TaskAnswer {
  readonly isCorrect: boolean;
  readonly output: string;
}

/**
 * Greedy, and with nothing that could make a run differ from the next: one request at a time, no cached prefix. Batches
 * of other company change the last digits of a logit, and so now and then the answer.
 */
const greedy: GenerateRequest['sampling'] = {
  temperature: 0,
  topK: 0,
  typicalP: 1,
  topP: 1,
  minP: 0,
  repeatPenalty: 1,
  repeatLastN: 0,
  frequencyPenalty: 0,
  presencePenalty: 0,
  seed: 0,
  logitBias: {},
};

const toDefinition = ({
  function: { name, description, parameters },
}: TaskItem['tools'][number]): ToolDefinition => ({
  name,
  ...(description !== undefined && { description }),
  ...(parameters !== undefined && { parameters }),
});

const requestOf = (item: TaskItem, id: string): GenerateRequest => ({
  id,
  prompt: {
    type: 'chat',
    messages: item.messages,
    ...(item.tools.length > 0 && { tools: item.tools.map(toDefinition) }),
  },
  sampling: greedy,
  maxTokens: item.maxTokens,
  stop: [],
  cachePrompt: false,
});

const readArguments = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text; // no JSON equals no answer, and is shown as it came
  }
};

/**
 * Asks one item through the engine's chat template and compares the answer: text after trimming, a tool call by name
 * and parsed arguments, and then it must be the only one. Reasoning is not part of an answer.
 * @throws AppError as `EngineReplica.generate` says
 */
export const askTask = async (
  replica: Pick<EngineReplica, 'generate'>,
  item: TaskItem,
  id: string,
  signal: AbortSignal,
): Promise<TaskAnswer> => {
  let content = '';
  const calls = new Map<number, { name: string; text: string }>();
  for await (const event of replica.generate(requestOf(item, id), signal)) {
    if (event.type === 'delta' && event.channel === 'content') content += event.text;
    if (event.type === 'tool-call') {
      const call = calls.get(event.index) ?? { name: event.name, text: '' };
      calls.set(event.index, { ...call, text: call.text + event.argumentsDelta });
    }
  }
  signal.throwIfAborted();
  const { answer } = item;
  if (typeof answer === 'string') {
    const output = content.trim();
    return { isCorrect: output === answer.trim(), output };
  }
  const made = [...calls.values()].map(({ name, text }) => ({ name, arguments: readArguments(text) }));
  const [only] = made;
  const isCorrect = made.length === 1 && isDeepStrictEqual(only, answer);
  return { isCorrect, output: made.length === 0 ? content.trim() : JSON.stringify(made) };
};
