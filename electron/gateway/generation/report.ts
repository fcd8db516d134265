import type { FinishReason, GenerateTimings, GenerateUsage } from '../../engine/engine.ts';
import type { ChoicePlan } from '../call.ts';
import type { Stats, Timings } from './report-schemas.ts';

/** How one choice ended. */
export interface ChoiceEnd {
  readonly reason: FinishReason;
  readonly stopText: string | undefined;
  readonly usage: GenerateUsage;
  readonly timings: GenerateTimings;
}

/** The numbers of a whole reply. */
export interface Report {
  readonly usage: GenerateUsage;
  readonly timings: Timings;
  readonly stats: Stats;
  /** Milliseconds from the request's arrival to its end. */
  readonly totalMs: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const ratio = (value: number, by: number): number | null => (by > 0 && value > 0 ? value / by : null);

/** True for the choice that its prompt's tokens are counted with. */
export const isFirstOfPrompt = (choices: readonly ChoicePlan[], index: number): boolean =>
  choices.findIndex((choice) => choice.promptIndex === choices[index]?.promptIndex) === index;

/** Token counts; a prompt that several choices share counts once, as in OpenAI's bill. */
export const toUsage = (choices: readonly ChoicePlan[], ends: readonly ChoiceEnd[]): GenerateUsage => {
  const firsts = ends.filter((_, index) => isFirstOfPrompt(choices, index));
  return {
    promptTokens: sum(firsts.map((end) => end.usage.promptTokens)),
    cachedTokens: sum(firsts.map((end) => end.usage.cachedTokens)),
    outputTokens: sum(ends.map((end) => end.usage.outputTokens)),
    reasoningTokens: sum(ends.map((end) => end.usage.reasoningTokens)),
  };
};

/** The numbers of a reply that is all prompt, as embeddings are. */
export interface PromptReport {
  readonly promptTokens: number;
  readonly timings: Timings;
  readonly stats: Stats;
  /** Milliseconds from the request's arrival to its end. */
  readonly totalMs: number;
}

/** All times on the monotonic clock. */
export const toPromptReport = (
  promptTokens: number,
  at: { readonly arrivedMs: number; readonly startedMs: number; readonly endedMs: number },
): PromptReport => {
  const promptMs = at.endedMs - at.startedMs;
  return {
    promptTokens,
    timings: {
      cache_n: 0,
      prompt_n: promptTokens,
      prompt_ms: promptMs,
      prompt_per_token_ms: ratio(promptMs, promptTokens),
      prompt_per_second: ratio(promptTokens * 1000, promptMs),
      predicted_n: 0,
      predicted_ms: 0,
      predicted_per_token_ms: null,
      predicted_per_second: null,
    },
    stats: {
      time_to_first_token: null,
      tokens_per_second: null,
      queue_time: (at.startedMs - at.arrivedMs) / 1000,
    },
    totalMs: at.endedMs - at.arrivedMs,
  };
};

/**
 * Engine-side times. With one choice they are exact; with several, tokens are summed and times are those of the
 * slowest, for they ran together. The first token of an answer belongs to the prompt's time, so rates leave it out.
 */
export const toTimings = (ends: readonly ChoiceEnd[]): Timings => {
  const promptTokens = sum(ends.map(({ usage }) => usage.promptTokens - usage.cachedTokens));
  const promptMs = Math.max(0, ...ends.map(({ timings }) => timings.prefillMs));
  const outputTokens = sum(ends.map(({ usage }) => usage.outputTokens));
  const decodeMs = Math.max(0, ...ends.map(({ timings }) => timings.decodeMs));
  const laterTokens = sum(ends.map(({ usage }) => Math.max(0, usage.outputTokens - 1)));
  return {
    cache_n: sum(ends.map(({ usage }) => usage.cachedTokens)),
    prompt_n: promptTokens,
    prompt_ms: promptMs,
    prompt_per_token_ms: ratio(promptMs, promptTokens),
    prompt_per_second: ratio(promptTokens * 1000, promptMs),
    predicted_n: outputTokens,
    predicted_ms: decodeMs,
    predicted_per_token_ms: ratio(decodeMs, laterTokens),
    predicted_per_second: ratio(laterTokens * 1000, decodeMs),
  };
};
