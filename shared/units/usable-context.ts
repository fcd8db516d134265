import type { EngineFacts } from '../contract/engine.ts';

/**
 * Tokens one request may use, prompt and answer together: what a slot holds, but never more than the model was trained
 * on. llama.cpp warns in its log only and goes on; past the training context the answers are noise.
 */
export const usableContextSize = ({
  contextSize,
  trainedContextLength,
}: Pick<EngineFacts, 'contextSize' | 'trainedContextLength'>): number =>
  trainedContextLength > 0 ? Math.min(contextSize, trainedContextLength) : contextSize;
