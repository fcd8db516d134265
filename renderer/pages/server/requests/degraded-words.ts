import type { DegradationStep } from '../../../../shared/contract/server.ts';

interface StepWords {
  /** In the table, in a word or two. */
  readonly short: string;
  readonly sentence: string;
}

/** Each step of degradation as people say it; docs/limits.md tells when each is taken. */
const stepWords: Readonly<Record<DegradationStep, StepWords>> = {
  queue: { short: 'waited', sentence: 'No slot was free, so it waited by its key’s tier.' },
  clamp: {
    short: 'length capped',
    sentence:
      'Too many waited: its answer was held to the length that nine of ten answers of the model keep.',
  },
  smaller: {
    short: 'smaller model',
    sentence: 'Too many waited: a smaller quantization of the same model answered.',
  },
  cache: { short: 'kept answer', sentence: 'It was given the answer that the same request got before.' },
  refuse: {
    short: 'no place',
    sentence: 'No place was left to wait in: it was refused and told when to come again.',
  },
};

/** What the steps are called together: `length capped, waited`; empty where there were none. */
export const degradedText = (steps: readonly DegradationStep[]): string =>
  steps.map((step) => stepWords[step].short).join(', ');

/** What a saturated server did with a request, step by step, in whole sentences. */
export const degradedReason = (steps: readonly DegradationStep[]): string =>
  steps.map((step) => stepWords[step].sentence).join(' ');
