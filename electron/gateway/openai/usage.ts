import type { FinishReason, GenerateUsage } from '../../engine/engine.ts';
import type { OpenAiFinishReason, Usage } from './reply-schemas.ts';

/** Token counts in OpenAI's names. */
export const toOpenAiUsage = (usage: GenerateUsage): Usage => ({
  prompt_tokens: usage.promptTokens,
  completion_tokens: usage.outputTokens,
  total_tokens: usage.promptTokens + usage.outputTokens,
  prompt_tokens_details: { cached_tokens: usage.cachedTokens },
  completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
});

/** Of a reply that is all prompt, as embeddings are: nothing is written, and nothing is taken from the cache. */
export const toPromptUsage = (promptTokens: number): Usage =>
  toOpenAiUsage({ promptTokens, cachedTokens: 0, outputTokens: 0, reasoningTokens: 0 });

/** The engine's word for the end of an answer in OpenAI's. An aborted answer is never told as one. */
export const toFinishReason = (reason: FinishReason): OpenAiFinishReason =>
  reason === 'tool-calls' ? 'tool_calls' : reason === 'length' ? 'length' : 'stop';
