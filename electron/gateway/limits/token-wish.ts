import { AppError } from '../../../shared/errors/app-error.ts';
import type { Call } from '../call.ts';
import { boundPromptTokens } from './count-prompt.ts';
import type { TokenWish } from './limiter.ts';

interface Terms {
  /** Tokens that the tightest limit has at all; `Infinity` without one. */
  readonly most: number;
  /** Tokens that nine of ten answers of the model did not pass. */
  readonly p90: number;
}

/** For a request that no limit in tokens and no budget looks at. */
export const noTokens: TokenWish = { promptTokens: 0, outputTokens: 0 };

/** Tokens the answers will probably need: as many as nine of ten did, never more than were asked for. */
const expectedOutput = (call: Call, p90: number): number =>
  call.type === 'generation'
    ? call.choices.reduce((sum, { request }) => sum + Math.min(request.maxTokens ?? Infinity, p90), 0)
    : 0;

/**
 * @param promptTokens by the model's own tokenizer
 * @throws AppError `gateway.payload-too-large` for a prompt that no wait would let through
 */
export const exactWish = (call: Call, promptTokens: number, { most, p90 }: Terms): TokenWish => {
  if (promptTokens > most) {
    throw new AppError(
      'gateway.payload-too-large',
      `The prompt has ${promptTokens} tokens; this key may use ${most} a minute.`,
      { hint: 'Send a shorter prompt, or ask for a higher limit.' },
    );
  }
  // An answer that grows past what is reserved asks for more, so a guess over the whole limit need not be refused.
  return { promptTokens, outputTokens: Math.min(expectedOutput(call, p90), most - promptTokens) };
};

/** By what the prompt has at most, without asking the engine; `undefined` where that is unknown, or over the limit. */
export const boundWish = (call: Call, terms: Terms): TokenWish | undefined => {
  const promptTokens = boundPromptTokens(call);
  return promptTokens === undefined || promptTokens > terms.most
    ? undefined
    : exactWish(call, promptTokens, terms);
};
