import { z } from 'zod';

/** Lengths of prompt and answer that most shapes share. */
export const lengthParameters = {
  promptTokens: z.number().int().min(8).default(128).describe('prompt tokens per request'),
  outputTokens: z.number().int().min(2).default(64).describe('answer tokens per request'),
};

export interface Lengths {
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** Keeps prompt and answer within the context, the answer at most a third of it. */
export const clipLengths = <P extends Lengths>(parameters: P, contextSize: number): P => {
  const outputTokens =
    parameters.promptTokens + parameters.outputTokens <= contextSize
      ? parameters.outputTokens
      : Math.min(parameters.outputTokens, Math.max(2, Math.floor(contextSize / 3)));
  return {
    ...parameters,
    outputTokens,
    promptTokens: Math.min(parameters.promptTokens, contextSize - outputTokens),
  };
};

export const sumOfLengths = ({ promptTokens, outputTokens }: Lengths): number => promptTokens + outputTokens;

/** `128 prompt tokens, 64 answer tokens` for descriptions. */
export const lengthsText = ({ promptTokens, outputTokens }: Lengths): string =>
  `${promptTokens} prompt tokens, ${outputTokens} answer tokens`;
