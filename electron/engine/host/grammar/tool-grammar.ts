import { AppError } from '../../../../shared/errors/app-error.ts';
import type { ToolDefinition } from '../../engine.ts';
import type { ToolStyle } from '../answer/tool-style.ts';
import { createGbnfRules, jsonLiteral, literal, type GbnfRules } from './gbnf-rules.ts';
import { addSchema } from './json-schema.ts';

/** OpenAI: "Omitting `parameters` defines a function with an empty parameter list." */
const noParameters = { type: 'object', properties: {}, additionalProperties: false };

const addArguments = ({ name, parameters = noParameters }: ToolDefinition, rules: GbnfRules): string => {
  try {
    return addSchema({ type: 'object', ...parameters }, `args-${name}`, rules);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'engine.bad-grammar') throw error;
    const { hint, details } = error;
    throw new AppError(error.code, `Tool ${name}: ${error.message}`, {
      hint,
      details: { ...details, param: 'tools' },
      cause: error,
    });
  }
};

const callRule = (tool: ToolDefinition, style: ToolStyle, rules: GbnfRules): string => {
  const parameters = addArguments(tool, rules);
  return style.argumentsMark === null
    ? `"{" ws "\\"name\\":" ws ${jsonLiteral(tool.name)} "," ws ${literal(`"${style.argumentsKey}":`)} ws ${parameters} ws "}"`
    : `${literal(tool.name + style.argumentsMark)} ${parameters}`;
};

const anyCall = (tools: readonly ToolDefinition[], style: ToolStyle, rules: GbnfRules): string =>
  rules.add(
    'call',
    tools.map((tool) => rules.add(`call-${tool.name}`, callRule(tool, style, rules))).join(' | '),
  );

/** What follows the opening mark: a call with its closing mark, or a list of calls. */
const afterOpening = (call: string, { isList, close }: ToolStyle): string => {
  if (isList) return `ws "[" ws ${call} ( "," ws ${call} )* ws "]"`;
  return close === null ? call : `ws ${call} ws ${literal(close)}`;
};

/** One or more calls with their marks. */
const addCalls = (tools: readonly ToolDefinition[], style: ToolStyle, rules: GbnfRules): string => {
  const call = anyCall(tools, style, rules);
  if (style.isBare) return call;
  const one = rules.add('one', `${literal(style.open)} ${afterOpening(call, style)}`);
  return style.isList ? one : `${one} ( ws ${one} )*`;
};

/**
 * GBNF of one or more calls of `tools` in the model's own style, from the first token of the answer on.
 * @throws AppError `engine.bad-grammar` when a tool's parameters cannot be enforced
 */
export const toolCallGrammar = (tools: readonly ToolDefinition[], style: ToolStyle): string => {
  const rules = createGbnfRules();
  return rules.toText(addCalls(tools, style, rules));
};

/**
 * GBNF of an answer in a form of its own, or of calls in its place: the model's first token chooses.
 * @param addAnswer adds the rules of the form and gives the name of their first
 * @throws AppError `engine.bad-grammar` when a tool's parameters cannot be enforced
 */
export const answerOrCallsGrammar = (
  tools: readonly ToolDefinition[],
  style: ToolStyle,
  addAnswer: (rules: GbnfRules) => string,
): string => {
  const rules = createGbnfRules();
  const answer = addAnswer(rules);
  return rules.toText(`${answer} | ${rules.add('calls', addCalls(tools, style, rules))}`);
};

/**
 * GBNF of the rest of a call once the model wrote its opening mark.
 * @throws AppError `engine.bad-grammar` when a tool's parameters cannot be enforced
 */
export const openedCallGrammar = (tools: readonly ToolDefinition[], style: ToolStyle): string => {
  const rules = createGbnfRules();
  return rules.toText(afterOpening(anyCall(tools, style, rules), style));
};
