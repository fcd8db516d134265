/** How a model family writes tool calls into its text. */
export interface ToolStyle {
  readonly name: 'hermes' | 'llama3-json' | 'mistral-list' | 'mistral-args';
  /** Text that begins a call or a list of calls. */
  readonly open: string;
  /** The opening is part of the call's JSON and counts at the start of the answer only. */
  readonly isBare: boolean;
  /** Text that ends a call; `null`: the end of its JSON does. */
  readonly close: string | null;
  /** Calls stand in a JSON list after one opening. */
  readonly isList: boolean;
  /** The name stands before the arguments: `name[ARGS]{…}`. */
  readonly argumentsMark: string | null;
  readonly argumentsKey: 'arguments' | 'parameters';
}

export const toolStyles = {
  hermes: {
    name: 'hermes',
    open: '<tool_call>',
    isBare: false,
    close: '</tool_call>',
    isList: false,
    argumentsMark: null,
    argumentsKey: 'arguments',
  },
  'llama3-json': {
    name: 'llama3-json',
    open: '{',
    isBare: true,
    close: null,
    isList: false,
    argumentsMark: null,
    argumentsKey: 'parameters',
  },
  'mistral-list': {
    name: 'mistral-list',
    open: '[TOOL_CALLS]',
    isBare: false,
    close: null,
    isList: true,
    argumentsMark: null,
    argumentsKey: 'arguments',
  },
  'mistral-args': {
    name: 'mistral-args',
    open: '[TOOL_CALLS]',
    isBare: false,
    close: null,
    isList: false,
    argumentsMark: '[ARGS]',
    argumentsKey: 'arguments',
  },
} as const satisfies Readonly<Record<ToolStyle['name'], ToolStyle>>;

/**
 * The style a chat template teaches its model, by the marks in its text; `undefined` when it takes no tools or writes
 * calls in a way Dyno does not read.
 */
export const detectToolStyle = (template: string): ToolStyle | undefined => {
  if (!/\btools\b/.test(template)) return undefined;
  if (template.includes('[TOOL_CALLS]'))
    return template.includes('[ARGS]') ? toolStyles['mistral-args'] : toolStyles['mistral-list'];
  // Qwen3-Coder and others put XML, not JSON, inside the same tag
  if (template.includes('<tool_call>') && !template.includes('<function=')) return toolStyles.hermes;
  if (/"parameters"\s*:|\\"parameters\\"/.test(template) && /python_tag|ipython/.test(template))
    return toolStyles['llama3-json'];
  return undefined;
};
