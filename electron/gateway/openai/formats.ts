import type { GenerationFormat } from '../generation/format.ts';
import { createChatEncoder } from './chat-stream.ts';
import { createCompletionEncoder } from './completion-stream.ts';
import { toChatCompletion, toCompletion } from './whole-reply.ts';

/** @param includesUsage a last stream chunk carries the token counts */
export const chatFormat = (includesUsage: boolean): GenerationFormat => ({
  idPrefix: 'chatcmpl-',
  whole: toChatCompletion,
  encoder: (head) => createChatEncoder(head, includesUsage),
});

/** @param includesUsage a last stream chunk carries the token counts */
export const completionFormat = (includesUsage: boolean): GenerationFormat => ({
  idPrefix: 'cmpl-',
  whole: toCompletion,
  encoder: (head) => createCompletionEncoder(head, includesUsage),
});
