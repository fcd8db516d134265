import { z } from 'zod';
import type { QuestionCall } from '../call.ts';
import { toChatPrompt } from '../generation/chat-prompt.ts';
import { toTemplateVariables } from '../generation/template-variables.ts';
import { toToolDefinition } from '../generation/tool-definition.ts';
import { messageSchema, toChatMessage } from '../openai/message-schema.ts';
import { toolSchema } from '../openai/tool-schema.ts';
import { onlySupported } from '../parameters/only-supported.ts';
import { invalidValue } from '../parameters/parameter-error.ts';
import type { ServedModel } from '../router/route-table.ts';

const model = z.string().min(1).max(512).optional();
const noEffect = 'Only the value that changes nothing';

/** Body of `POST /tokenize`. */
export const tokenizeSchema = z.strictObject({
  model,
  content: z.string(),
  /** Read `<|im_start|>` and the like as the tokens they are, as llama.cpp does. */
  parse_special: z.boolean().default(true),
  add_special: onlySupported(z.boolean(), z.literal(false), noEffect).optional(),
  with_pieces: onlySupported(z.boolean(), z.literal(false), 'Ask /detokenize for their text').optional(),
});

export const toTokenizeCall = (
  request: z.infer<typeof tokenizeSchema>,
  served: ServedModel,
): QuestionCall => ({
  type: 'question',
  model: served,
  answer: async (replica) => ({
    tokens: await replica.tokenize(request.content, { parseSpecial: request.parse_special }),
  }),
});

/** Body of `POST /detokenize`. */
export const detokenizeSchema = z.strictObject({
  model,
  tokens: z.array(z.number().int().min(0).max(16_777_215)).max(1_048_576),
});

export const toDetokenizeCall = (
  request: z.infer<typeof detokenizeSchema>,
  served: ServedModel,
): QuestionCall => ({
  type: 'question',
  model: served,
  answer: async (replica) => {
    const size = replica.facts().vocabularySize;
    const foreign = request.tokens.findIndex((token) => token >= size);
    if (foreign >= 0)
      throw invalidValue(`tokens[${foreign}]`, `The token is outside this model's ${size} tokens.`);
    return { content: request.tokens.length === 0 ? '' : await replica.detokenize(request.tokens) };
  },
});

/** Body of `POST /apply-template`. */
export const applyTemplateSchema = z.strictObject({
  model,
  messages: z.array(messageSchema).min(1).max(8192),
  tools: z.array(toolSchema).max(128).optional(),
  chat_template_kwargs: z.record(z.string(), z.unknown()).optional(),
  add_generation_prompt: onlySupported(z.boolean(), z.literal(true), noEffect).optional(),
});

/** The prompt a chat of these messages would be, and its length. */
export const toTemplateCall = (
  request: z.infer<typeof applyTemplateSchema>,
  served: ServedModel,
): QuestionCall => {
  const prompt = toChatPrompt(
    {
      messages: request.messages.map(toChatMessage),
      tools: (request.tools ?? []).map(({ function: tool }) => toToolDefinition(tool)),
      toolChoice: undefined,
      templateVariables: toTemplateVariables(
        { effort: undefined, kwargs: request.chat_template_kwargs },
        served,
        { effort: 'reasoning_effort' },
      ),
    },
    served,
    {
      messages: 'messages',
      tools: 'tools',
      toolName: 'function.name',
      toolChoice: 'tools',
      toolChoiceName: 'tools',
    },
  );
  return {
    type: 'question',
    model: served,
    answer: async (replica) => {
      const { text, tokens } = await replica.renderChat(prompt);
      return { prompt: text, tokens };
    },
  };
};
