import type { ChatMessage, Prompt, ToolChoice, ToolDefinition } from '../../engine/engine.ts';
import { invalidValue, unsupportedParameter } from '../parameters/parameter-error.ts';
import { factsOf, type ServedModel } from '../router/route-table.ts';

/** What a chat asks of a model, whichever dialect it came in. */
export interface ChatIntent {
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice: ToolChoice | undefined;
  readonly templateVariables: Readonly<Record<string, unknown>> | undefined;
}

/** How the dialect calls what may be refused here. */
export interface ChatNames {
  readonly messages: string;
  readonly tools: string;
  /** Of one tool, where its name is: `function.name`. */
  readonly toolName: string;
  readonly toolChoice: string;
  readonly toolChoiceName: string;
}

/** A call names its tool, so of two with one name nobody could say which was meant. */
const checkToolNames = ({ tools }: ChatIntent, names: ChatNames): void => {
  const first = new Map<string, number>();
  for (const [index, { name }] of tools.entries()) {
    const before = first.get(name);
    if (before !== undefined) {
      throw invalidValue(
        `${names.tools}[${index}].${names.toolName}`,
        `${names.tools}[${before}] has the name ${name} already.`,
        'Give each tool a name of its own.',
      );
    }
    first.set(name, index);
  }
};

const checkToolChoice = ({ tools, toolChoice }: ChatIntent, names: ChatNames): void => {
  if (toolChoice?.type !== 'required' && toolChoice?.type !== 'named') return;
  if (tools.length === 0) {
    throw invalidValue(
      names.toolChoice,
      `${names.toolChoice} asks for a call, but there are no tools.`,
      'Send tools.',
    );
  }
  if (toolChoice.type !== 'named') return;
  const known = tools.map(({ name }) => name);
  if (known.includes(toolChoice.name)) return;
  throw invalidValue(
    names.toolChoiceName,
    `There is no tool ${toolChoice.name}.`,
    `Name one of: ${known.join(', ')}.`,
  );
};

/**
 * The chat as a prompt of that model.
 * @throws AppError `gateway.unsupported-parameter` for what the model's template cannot express, `gateway.invalid-value`
 *   for a choice among tools that are not there and for two tools of one name
 */
export const toChatPrompt = (
  intent: ChatIntent,
  model: ServedModel,
  names: ChatNames,
): Extract<Prompt, { readonly type: 'chat' }> => {
  const { messages, tools, toolChoice, templateVariables } = intent;
  const features = factsOf(model)?.features;
  if (features?.chat === false) {
    throw unsupportedParameter(
      names.messages,
      'This model has no chat template.',
      'Use POST /v1/completions with a prompt.',
    );
  }
  if (tools.length > 0 && toolChoice?.type !== 'none' && features?.tools === false) {
    throw unsupportedParameter(
      names.tools,
      "This model's chat template knows no tools.",
      'Choose a model that does, or leave tools out.',
    );
  }
  checkToolNames(intent, names);
  checkToolChoice(intent, names);
  return {
    type: 'chat',
    messages,
    ...(tools.length === 0 ? {} : { tools }),
    ...(toolChoice === undefined || tools.length === 0 ? {} : { toolChoice }),
    ...(templateVariables === undefined ? {} : { templateVariables }),
  };
};
