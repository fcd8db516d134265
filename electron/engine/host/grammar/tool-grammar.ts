import type { ToolDefinition } from '../../engine.ts';
import type { ToolStyle } from '../answer/tool-style.ts';
import { createGbnfRules, jsonLiteral, literal, type GbnfRules } from './gbnf-rules.ts';
import { addSchema } from './json-schema.ts';

const callRule = (tool: ToolDefinition, style: ToolStyle, rules: GbnfRules): string => {
  const parameters = addSchema(tool.parameters ?? { type: 'object' }, `args-${tool.name}`, rules);
  return style.argumentsMark === null
    ? `"{" ws "\\"name\\":" ws ${jsonLiteral(tool.name)} "," ws ${literal(`"${style.argumentsKey}":`)} ws ${parameters} ws "}"`
    : `${literal(tool.name + style.argumentsMark)} ${parameters}`;
};

/**
 * GBNF of one or more calls of `tools` in the model's own style.
 * @throws AppError `engine.bad-grammar` when a tool's parameters cannot be enforced
 */
export const toolCallGrammar = (tools: readonly ToolDefinition[], style: ToolStyle): string => {
  const rules = createGbnfRules();
  const call = rules.add(
    'call',
    tools.map((tool) => rules.add(`call-${tool.name}`, callRule(tool, style, rules))).join(' | '),
  );
  if (style.isList) return rules.toText(`${literal(style.open)} "[" ${call} ( "," ws ${call} )* "]"`);
  if (style.isBare) return rules.toText(call);
  const close = style.close === null ? '' : ` ws ${literal(style.close)}`;
  const one = rules.add('one', `${literal(style.open)} ws ${call}${close}`);
  return rules.toText(`${one} ( ws ${one} )*`);
};
