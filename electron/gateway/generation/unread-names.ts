import type { ChatMessage } from '../../engine/engine.ts';
import type { ServedModel } from '../router/route-table.ts';

/** As templates read a member of a message: `message.name`, `message['name']`, `messages[0].name`, `message | tojson`. */
const reads = (template: string, variable: string): boolean =>
  new RegExp(
    String.raw`\b${variable}(?:\[[^\]'"]*\])?\s*(?:\.name\b|\[\s*['"]name['"]|\.get\(\s*['"]name['"]|\|\s*tojson)`,
    'u',
  ).test(template);

/** Whether the template shows who speaks, by the words it loops over its messages with: nothing is executed. */
const showsNames = (template: string): boolean => {
  const loops = [...template.matchAll(/\bfor\s+(\w+)\s+in\s+\w*messages\b/gu)];
  return ['messages', ...loops.map(([, variable = '']) => variable)].some((variable) =>
    reads(template, variable),
  );
};

/** Participants' names are kept from a model whose template has no place for them: said, since the request stands without. */
export const nameWarnings = (
  messages: readonly ChatMessage[],
  { info: { chatTemplate } }: ServedModel,
): readonly string[] => {
  if (typeof chatTemplate !== 'string' || messages.every(({ name }) => name === undefined)) return [];
  return showsNames(chatTemplate)
    ? []
    : ['name of a message is not shown to the model: its chat template has no place for it.'];
};
