import type { GenerateUsage } from '../../engine/engine.ts';
import type { AnswerEnd } from '../generation/format.ts';

/** Anthropic counts what came from the cache apart from the rest of the prompt. */
export const toMessageUsage = (usage: GenerateUsage) => ({
  input_tokens: usage.promptTokens - usage.cachedTokens,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: usage.cachedTokens,
  output_tokens: usage.outputTokens,
  output_tokens_details: { thinking_tokens: usage.reasoningTokens },
});

/** Of a whole answer: with the sum, which Anthropic leaves to its clients. */
export const toWholeUsage = (usage: GenerateUsage) => ({
  ...toMessageUsage(usage),
  total_tokens: usage.promptTokens + usage.outputTokens,
});

export const toStop = ({ reason, stopText }: AnswerEnd) => ({
  stop_reason:
    reason === 'tool-calls'
      ? 'tool_use'
      : reason === 'length'
        ? 'max_tokens'
        : stopText === undefined
          ? 'end_turn'
          : 'stop_sequence',
  stop_sequence: stopText ?? null,
});
