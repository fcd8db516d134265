import type { ChatMessage, Prompt, ToolDefinition } from '../../engine.ts';

type ChatPrompt = Extract<Prompt, { type: 'chat' }>;

/** Templates print arguments with `tojson`, so they want the object; text that is no JSON is passed as it is. */
const argumentsOf = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    return value;
  } catch {
    return text; // a client may send back what a small model wrote
  }
};

const messageOf = ({ role, content, name, reasoning, toolCalls, toolCallId }: ChatMessage) => ({
  role: role === 'developer' ? 'system' : role,
  content,
  ...(name !== undefined && { name }),
  ...(reasoning !== undefined && { reasoning_content: reasoning }),
  ...(toolCallId !== undefined && { tool_call_id: toolCallId }),
  ...(toolCalls !== undefined &&
    toolCalls.length > 0 && {
      tool_calls: toolCalls.map((call) => ({
        id: call.id,
        type: 'function',
        function: { name: call.name, arguments: argumentsOf(call.arguments) },
      })),
    }),
});

const toolOf = ({ name, description, parameters }: ToolDefinition) => ({
  type: 'function',
  function: {
    name,
    ...(description !== undefined && { description }),
    parameters: parameters ?? { type: 'object', properties: {} },
  },
});

/** What Hugging Face's chat templates expect as variables; the prompt's own come last and win. */
export const templateVariables = (
  { messages, tools, toolChoice, templateVariables: own }: ChatPrompt,
  special: { readonly bos: string; readonly eos: string },
): {
  readonly fromMessages: Readonly<Record<string, unknown>>;
  readonly fromModel: Readonly<Record<string, unknown>>;
} => {
  const hasTools = tools !== undefined && tools.length > 0 && toolChoice?.type !== 'none';
  return {
    fromMessages: {
      messages: messages.map(messageOf),
      ...(hasTools && { tools: tools.map(toolOf) }),
      ...own,
    },
    fromModel: { add_generation_prompt: true, bos_token: special.bos, eos_token: special.eos },
  };
};
