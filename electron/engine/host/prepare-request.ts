import type { EngineFacts } from '../../../shared/contract/engine.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { usableContextSize } from '../../../shared/units/usable-context.ts';
import type { AdapterFile, GenerateRequest, Prompt, TokenLogprob } from '../engine.ts';
import { mixAdapters } from './adapter-mix.ts';
import { createAnswerStream } from './answer/answer-stream.ts';
import { opensReasoning } from './answer/reasoning-style.ts';
import type { BatchEngine } from './batch-engine.ts';
import type { ChatFormat } from './chat/chat-prompt.ts';
import { grammarOf, guidedCallsOf, lateGrammarOf } from './grammar/request-grammar.ts';
import type { PreparedRequest } from './prepared-request.ts';
import { tokenizeLong } from './tokenize-long.ts';
import type { Vocabulary } from './vocabulary.ts';

interface PreparePorts {
  readonly engine: Pick<BatchEngine, 'checkGrammar'>;
  readonly facts: Pick<EngineFacts, 'contextSize' | 'trainedContextLength'>;
  readonly vocabulary: Vocabulary;
  readonly chat: ChatFormat;
  /** Those that are loaded. */
  readonly adapters: readonly AdapterFile[];
  /** Unique within the machine: tool call ids. */
  readonly newCallId: () => string;
}

interface TokenizedPrompt {
  readonly tokens: Uint32Array;
  /** Rendered text; empty for a prompt of tokens. */
  readonly text: string;
}

const tokenizePrompt = async (
  prompt: Prompt,
  { vocabulary, chat }: PreparePorts,
): Promise<TokenizedPrompt> => {
  switch (prompt.type) {
    case 'chat':
      return chat.render(prompt);
    case 'tokens':
      return { tokens: Uint32Array.from(prompt.tokens), text: '' };
    case 'text': {
      const tokens = await tokenizeLong(vocabulary, prompt.text, true);
      const { bos } = vocabulary;
      const isStarted = bos === undefined || tokens[0] === bos;
      return { tokens: isStarted ? tokens : Uint32Array.of(bos, ...tokens), text: prompt.text };
    }
    default:
      throw new AppError('app.bad-input', `Unknown prompt: ${JSON.stringify(prompt satisfies never)}`);
  }
};

const checkTokens = (tokens: Uint32Array, { size }: Vocabulary): void => {
  const foreign = tokens.find((token) => token >= size);
  if (foreign !== undefined)
    throw new AppError('app.bad-input', `Token ${foreign} is outside the vocabulary of ${size}.`, {
      details: { param: 'prompt' },
    });
  if (tokens.length === 0)
    throw new AppError('app.bad-input', 'The prompt is empty.', { details: { param: 'prompt' } });
};

/** Never a context shift: what does not fit is refused with both counts. Gives the tokens the answer may have. */
const admit = (promptTokens: number, maxTokens: number | null, facts: PreparePorts['facts']): number => {
  const contextSize = usableContextSize(facts);
  const wanted = maxTokens ?? 1;
  if (promptTokens + wanted <= contextSize) return maxTokens ?? contextSize - promptTokens;
  const { trainedContextLength } = facts;
  const asked = maxTokens === null ? '' : ` and ${maxTokens} for the answer`;
  const isTrainedLess = contextSize < facts.contextSize;
  throw new AppError(
    'engine.context-exceeded',
    `The prompt has ${promptTokens} tokens${asked}; ${isTrainedLess ? 'the model was trained on' : 'a slot holds'} ${contextSize}.`,
    {
      hint: isTrainedLess
        ? 'Shorten the prompt, ask for fewer tokens, or choose a model with a longer training context.'
        : 'Shorten the prompt, ask for fewer tokens, or load the model with a larger context.',
      details: { promptTokens, maxTokens, contextSize, trainedContextLength },
    },
  );
};

const lossyText = new TextDecoder('utf-8');

const describeWith =
  (vocabulary: Vocabulary): PreparedRequest['describeLogprob'] =>
  (token, logprob, top): TokenLogprob => {
    const describe = (id: number) => {
      const bytes = vocabulary.bytesOf(id, true);
      return { token: lossyText.decode(bytes), bytes: [...bytes] };
    };
    return {
      ...describe(token),
      logprob,
      top: top.map((other) => ({ ...describe(other.token), logprob: other.logprob })),
    };
  };

/** The token that stands for a mark; `undefined` when the vocabulary writes it in several. */
const singleToken = (mark: string | undefined, vocabulary: Vocabulary): number | undefined => {
  const tokens = mark === undefined ? undefined : vocabulary.tokenize(mark, true);
  return tokens?.length === 1 ? tokens[0] : undefined;
};

/** A call of the model's own will is free text where its opening mark is no single token, or no mark at all. */
const refuseStrictTools = (prompt: Prompt): void => {
  if (prompt.type !== 'chat' || prompt.toolChoice?.type === 'none') return;
  const at = (prompt.tools ?? []).findIndex(({ isStrict }) => isStrict === true);
  if (at < 0) return;
  throw new AppError(
    'engine.unsupported',
    'This model writes its calls in a way that cannot be held to a schema unless a call is certain.',
    {
      hint: 'Ask for a call by tool choice, or leave strict out.',
      details: { param: `tools[${at}].strict` },
    },
  );
};

/**
 * Renders, tokenizes, admits and compiles a request, outside the step loop.
 * @throws AppError `engine.context-exceeded`, `engine.bad-grammar`, `engine.bad-template`, `engine.unsupported`,
 *   `app.bad-input`
 */
export const prepareRequest = async (
  request: GenerateRequest,
  arrivedMs: number,
  ports: PreparePorts,
): Promise<PreparedRequest> => {
  const { engine, facts, vocabulary, chat } = ports;
  const { tokens, text } = await tokenizePrompt(request.prompt, ports);
  checkTokens(tokens, vocabulary);
  const maxTokens = admit(tokens.length, request.maxTokens, facts);
  const isChat = request.prompt.type === 'chat';
  const reasoning = isChat ? chat.reasoning : undefined;
  const startsInReasoning = reasoning !== undefined && opensReasoning(text, reasoning);
  const grammar = grammarOf(request, isChat ? chat.tools : undefined);
  if (grammar !== undefined) engine.checkGrammar(grammar);
  const hasTools =
    request.prompt.type === 'chat' &&
    (request.prompt.tools?.length ?? 0) > 0 &&
    request.prompt.toolChoice?.type !== 'none';
  const tools = hasTools ? chat.tools : undefined;
  const answer = createAnswerStream({
    stop: request.stop,
    reasoning,
    startsInReasoning,
    tools,
    newCallId: ports.newCallId,
  });
  const markTokens = [reasoning?.open, reasoning?.close, tools?.open, tools?.close].map((mark) =>
    singleToken(mark ?? undefined, vocabulary),
  );
  const shownTokens = new Set(markTokens);
  const afterToken = (): PreparedRequest['afterToken'] => {
    if (grammar !== undefined) return startsInReasoning ? lateGrammarOf(grammar, answer) : undefined;
    const openToken = singleToken(tools?.open, vocabulary);
    const guided =
      tools === undefined || openToken === undefined
        ? undefined
        : guidedCallsOf(request, tools, openToken, answer);
    if (guided === undefined) refuseStrictTools(request.prompt);
    return guided;
  };
  const act = afterToken();
  return {
    id: request.id,
    prompt: tokens,
    maxTokens,
    sampler: {
      sampling: request.sampling,
      history: Array.from(tokens.subarray(Math.max(0, tokens.length - request.sampling.repeatLastN))),
      ...(grammar !== undefined && (startsInReasoning ? { awaitsGrammar: true } : { grammar })),
      ...(request.logprobs && { topLogprobs: request.logprobs.top }),
    },
    adapters: mixAdapters(ports.adapters, request.adapters),
    answer,
    ignoreEos: request.ignoreEos ?? false,
    cachePrompt: request.cachePrompt ?? true,
    arrivedMs,
    isAborted: false,
    isSpecialShown: (token) => shownTokens.has(token),
    describeLogprob: describeWith(vocabulary),
    ...(act && { afterToken: act }),
  };
};
