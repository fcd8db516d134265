import type { EngineReplica, Prompt } from '../../engine/engine.ts';
import type { Call, ChoicePlan } from '../call.ts';

/** A token stands for one byte at least, so there are never more of them than bytes; special tokens are the template's. */
const bytesOf = (text: string): number => Buffer.byteLength(text);

const countPrompt = async (
  replica: EngineReplica | undefined,
  given: Prompt,
  toPrompt?: ChoicePlan['toPrompt'],
): Promise<number> => {
  const prompt = replica === undefined ? given : ((await toPrompt?.(replica)) ?? given);
  switch (prompt.type) {
    case 'tokens':
      return prompt.tokens.length;
    case 'text':
      return replica === undefined ? bytesOf(prompt.text) : (await replica.tokenize(prompt.text)).length;
    case 'chat':
      return replica === undefined
        ? bytesOf(JSON.stringify(prompt.messages))
        : (await replica.renderChat(prompt)).tokens;
    default:
      return prompt satisfies never;
  }
};

/** Tokens a model may set around an input without a template; what was not needed is given back at the end. */
const MARKS = 4;

const countAll = async (replica: EngineReplica | undefined, prompts: readonly Prompt[]): Promise<number> => {
  const counts = await Promise.all(prompts.map((prompt) => countPrompt(replica, prompt)));
  return counts.reduce((sum, count) => sum + count, 0);
};

/**
 * Prompt tokens of a call by the model's own tokenizer, a shared prompt once; while no engine is ready, their number of
 * bytes, which is more and is put right at the end.
 */
export const countPromptTokens = async (call: Call): Promise<number> => {
  const replica =
    call.type === 'question'
      ? undefined
      : call.model.replicas().find((each) => each.state().type === 'ready');
  switch (call.type) {
    case 'question':
      return 0;
    case 'embedding': {
      const prompts = call.inputs.map((input): Prompt =>
        typeof input === 'string' ? { type: 'text', text: input } : { type: 'tokens', tokens: input },
      );
      return (await countAll(replica, prompts)) + prompts.length * MARKS;
    }
    case 'rank': {
      const query = await countPrompt(replica, { type: 'text', text: call.query });
      const prompts = call.documents.map((text): Prompt => ({ type: 'text', text }));
      const documents = (await countAll(replica, prompts)) + prompts.length * MARKS;
      // a cross-encoder reads the query with every document, and while nothing is ready it may be one
      const isReadOnce = replica?.facts().ranking === 'embeddings';
      return documents + (isReadOnce ? query + MARKS : prompts.length * query);
    }
    case 'generation': {
      const firsts = call.choices.filter(
        ({ promptIndex }, index) =>
          call.choices.findIndex((choice) => choice.promptIndex === promptIndex) === index,
      );
      const counts = firsts.map(({ request, toPrompt }) => countPrompt(replica, request.prompt, toPrompt));
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    }
    default:
      return call satisfies never;
  }
};

/** Room for special tokens that a template sets around each message. */
const MARKS_PER_MESSAGE = 8;

/**
 * At least as many tokens as the one prompt of a generation can have: one for each byte of what is asked and of the
 * template that is put around it. `undefined` where only the engine makes the prompt, or there are several.
 */
export const boundPromptTokens = (call: Call): number | undefined => {
  if (call.type !== 'generation') return undefined;
  const [first, ...others] = call.choices;
  if (first === undefined || first.toPrompt !== undefined) return undefined;
  if (others.some(({ promptIndex }) => promptIndex !== first.promptIndex)) return undefined;
  const { prompt } = first.request;
  switch (prompt.type) {
    case 'tokens':
      return prompt.tokens.length;
    case 'text':
      return bytesOf(prompt.text) + MARKS;
    case 'chat': {
      const { messages, tools = [], templateVariables = {} } = prompt;
      const marks = bytesOf(call.model.info.chatTemplate ?? '') + MARKS_PER_MESSAGE * messages.length;
      return bytesOf(JSON.stringify([messages, tools, templateVariables])) + marks;
    }
    default:
      return prompt satisfies never;
  }
};
