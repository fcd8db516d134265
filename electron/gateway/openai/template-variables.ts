import type { EngineFacts } from '../../../shared/contract/engine.ts';
import type { ModelInfo } from '../router/route-table.ts';
import { unsupportedParameter } from '../parameters/parameter-error.ts';

type Effort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh';
type Variables = Readonly<Record<string, unknown>>;

/** True when the template has the word as a name of its own (not as an attribute such as `message.role`). */
const mentions = (template: string, variable: string): boolean => {
  for (const [name] of template.matchAll(/(?<![\w.])[A-Za-z_]\w*/gu)) if (name === variable) return true;
  return false;
};

/**
 * How hard to think, in the words of the model's own template: `reasoning_effort` where the template reads it, else
 * `enable_thinking` for "none". What the template cannot express is refused, for the model would not do it.
 */
const effortVariables = (effort: Effort, template: string | null | undefined, thinks: boolean): Variables => {
  if (template === undefined || (template !== null && mentions(template, 'reasoning_effort'))) {
    return { reasoning_effort: effort };
  }
  if (effort === 'none' && !thinks) return {};
  if (effort === 'none' && template !== null && mentions(template, 'enable_thinking')) {
    return { enable_thinking: false };
  }
  throw unsupportedParameter(
    'reasoning_effort',
    `This model's template cannot ask for reasoning_effort ${effort}.`,
    'Leave reasoning_effort out, or set variables of the template with chat_template_kwargs.',
  );
};

/**
 * Variables for the model's template from `reasoning_effort` and `chat_template_kwargs`.
 * @throws AppError `gateway.unsupported-parameter` for one that the template never reads
 */
export const toTemplateVariables = (
  parameters: { readonly effort: Effort | undefined; readonly kwargs: Variables | undefined },
  info: ModelInfo,
  facts: EngineFacts | undefined,
): Variables | undefined => {
  const { effort, kwargs } = parameters;
  const template = info.chatTemplate;
  for (const name of Object.keys(kwargs ?? {})) {
    if (template === undefined || (template !== null && mentions(template, name))) continue;
    throw unsupportedParameter(
      `chat_template_kwargs.${name}`,
      `This model's template has no variable ${name}.`,
      `Leave ${name} out.`,
    );
  }
  const variables = {
    ...(effort === undefined ? {} : effortVariables(effort, template, facts?.features.reasoning ?? true)),
    ...kwargs,
  };
  return Object.keys(variables).length === 0 ? undefined : variables;
};
