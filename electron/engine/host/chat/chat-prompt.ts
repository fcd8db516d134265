import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Prompt } from '../../engine.ts';
import { detectReasoningStyle, type ReasoningStyle } from '../answer/reasoning-style.ts';
import { detectToolStyle, type ToolStyle } from '../answer/tool-style.ts';
import { tokenizeLong } from '../tokenize-long.ts';
import type { Vocabulary } from '../vocabulary.ts';
import type { TemplateRenderer } from './template-renderer.ts';
import { templateVariables } from './template-variables.ts';
import { createTextGuard } from './text-guard.ts';

type ChatPrompt = Extract<Prompt, { type: 'chat' }>;

export interface RenderedChat {
  readonly text: string;
  readonly tokens: Uint32Array;
}

/** The chat side of a loaded model: its template, and what the template says of tools and thinking. */
export interface ChatFormat {
  readonly isAvailable: boolean;
  readonly tools: ToolStyle | undefined;
  readonly reasoning: ReasoningStyle | undefined;
  /** @throws AppError `engine.bad-template`, `engine.unsupported` */
  render(prompt: ChatPrompt): Promise<RenderedChat>;
}

/** For models that know ChatML's marks but bring no template. */
const chatMl =
  "{% for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

/** The text with BOS put before it once: many templates write it themselves. */
const withBos = (tokens: Uint32Array, { bos }: Vocabulary): Uint32Array =>
  bos === undefined || tokens[0] === bos ? tokens : Uint32Array.of(bos, ...tokens);

export const createChatFormat = (
  modelTemplate: string | null,
  vocabulary: Vocabulary,
  renderer: TemplateRenderer,
): ChatFormat => {
  const template = modelTemplate ?? (vocabulary.controlTexts.includes('<|im_start|>') ? chatMl : undefined);
  const guard = createTextGuard(vocabulary.controlTexts);
  const tools = template === undefined ? undefined : detectToolStyle(template);
  return {
    isAvailable: template !== undefined,
    tools,
    reasoning: template === undefined ? undefined : detectReasoningStyle(template),
    render: async (prompt) => {
      if (template === undefined)
        throw new AppError('engine.bad-template', 'The model has no chat template.', {
          hint: 'Send a ready prompt to /v1/completions, or choose an instruction-tuned model.',
        });
      const needsTools = prompt.toolChoice?.type === 'required' || prompt.toolChoice?.type === 'named';
      if (tools === undefined && needsTools)
        throw new AppError('engine.unsupported', "The model's chat template takes no tools.", {
          hint: 'Choose a model that was trained to call tools.',
          details: { param: 'tools' },
        });
      const { fromMessages, fromModel } = templateVariables(prompt, vocabulary.special);
      const guarded = Object.fromEntries(
        Object.entries(fromMessages).map(([key, value]) => [key, guard.protect(value)]),
      );
      const pieces = guard.split(await renderer.render(template, { ...fromModel, ...guarded }));
      const parts: Uint32Array[] = [];
      for (const { text, isPlain } of pieces) parts.push(await tokenizeLong(vocabulary, text, !isPlain));
      const tokens = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
      parts.reduce((offset, part) => (tokens.set(part, offset), offset + part.length), 0);
      return { text: pieces.map(({ text }) => text).join(''), tokens: withBos(tokens, vocabulary) };
    },
  };
};
