import type { TokenLogprob } from '../../engine/engine.ts';
import type { ChatLogprobs, CompletionLogprobs } from './reply-schemas.ts';

/** Log-probabilities of answer tokens in the chat dialect. */
export const toChatLogprobs = (tokens: readonly TokenLogprob[]): ChatLogprobs => ({
  content: tokens.map(({ token, logprob, bytes, top }) => ({
    token,
    logprob,
    bytes: [...bytes],
    top_logprobs: top.map((each) => ({ token: each.token, logprob: each.logprob, bytes: [...each.bytes] })),
  })),
  refusal: null,
});

/** The same in the older dialect; `offset` is where the first token begins in the answer. */
export const toCompletionLogprobs = (tokens: readonly TokenLogprob[], offset: number): CompletionLogprobs => {
  let begin = offset;
  return {
    tokens: tokens.map(({ token }) => token),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map(({ top }) => Object.fromEntries(top.map((each) => [each.token, each.logprob]))),
    text_offset: tokens.map(({ token }) => {
      begin += token.length;
      return begin - token.length;
    }),
  };
};
