import { factsOf, type ServedModel } from '../router/route-table.ts';
import { unsupportedParameter } from '../parameters/parameter-error.ts';

export type Effort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh';
type Variables = Readonly<Record<string, unknown>>;

/** True when the template has the word as a name of its own (not as an attribute such as `message.role`). */
const mentions = (template: string, variable: string): boolean => {
  for (const [name] of template.matchAll(/(?<![\w.])[A-Za-z_]\w*/gu)) if (name === variable) return true;
  return false;
};

/**
 * What turns thoughts on or off in this template: every switch it reads, for some know one word for on and another for
 * off. `undefined` where it has none.
 */
const switchesOf = (isOn: boolean, template: string | null | undefined): Variables | undefined => {
  const read = ['enable_thinking', 'thinking'].filter(
    (name) => template === undefined || (template !== null && mentions(template, name)),
  );
  return read.length === 0 ? undefined : Object.fromEntries(read.map((name) => [name, isOn]));
};

/**
 * How hard to think, in the words of the model's own template: `reasoning_effort` where the template reads it, else
 * the switch of thoughts for "none". What the template cannot express is refused, for the model would not do it.
 */
const effortVariables = (
  effort: Effort,
  { template, thinks, param }: { template: string | null | undefined; thinks: boolean; param: string },
): Variables => {
  if (template === undefined || (template !== null && mentions(template, 'reasoning_effort'))) {
    return { reasoning_effort: effort };
  }
  if (effort === 'none' && !thinks) return {};
  const off = effort === 'none' ? switchesOf(false, template) : undefined;
  if (off !== undefined) return off;
  throw unsupportedParameter(
    param,
    `This model's template cannot ask for a reasoning effort of ${effort}.`,
    `Leave ${param} out.`,
  );
};

/**
 * Variables for the model's template from `reasoning_effort` and `chat_template_kwargs`.
 * @throws AppError `gateway.unsupported-parameter` for one that the template never reads
 */
export const toTemplateVariables = (
  parameters: { readonly effort: Effort | undefined; readonly kwargs?: Variables | undefined },
  model: ServedModel,
  /** How the dialect calls the effort. */
  names: { readonly effort: string },
): Variables | undefined => {
  const { effort, kwargs } = parameters;
  const template = model.info.chatTemplate;
  for (const name of Object.keys(kwargs ?? {})) {
    if (template === undefined || (template !== null && mentions(template, name))) continue;
    throw unsupportedParameter(
      `chat_template_kwargs.${name}`,
      `This model's template has no variable ${name}.`,
      `Leave ${name} out.`,
    );
  }
  const thinks = factsOf(model)?.features.reasoning ?? true;
  const variables = {
    ...(effort === undefined ? {} : effortVariables(effort, { template, thinks, param: names.effort })),
    ...kwargs,
  };
  return Object.keys(variables).length === 0 ? undefined : variables;
};

/**
 * Variables that turn thoughts on or off, in the words of the model's template. A model that never thinks has nothing
 * to turn off.
 * @throws AppError `gateway.unsupported-parameter` where the template cannot do it
 */
export const thinkingVariables = (
  isOn: boolean,
  model: ServedModel,
  names: { readonly effort: string },
): Variables | undefined => {
  const template = model.info.chatTemplate;
  const thinks = factsOf(model)?.features.reasoning ?? true;
  if (!isOn && !thinks) return undefined;
  const switches = thinks ? switchesOf(isOn, template) : undefined;
  if (switches !== undefined) return switches;
  throw unsupportedParameter(
    names.effort,
    `This model cannot be told ${isOn ? 'to think' : 'not to think'}.`,
    `Leave ${names.effort} out.`,
  );
};
