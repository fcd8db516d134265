import type { GenerationCall } from '../call.ts';
import { answerKey } from '../cache/answer-key.ts';
import type { KeptAnswer, ResponseCache } from '../cache/response-cache.ts';
import type { Exchange } from '../exchange.ts';
import type { ChoiceEnd } from '../generation/report.ts';
import { untilAborted } from '../until-aborted.ts';
import { onlyPassed, type GenerationSink, type TokenEvent } from './generate.ts';

/** What the cache does for one call. */
export type CachePlan =
  | { readonly type: 'pass' }
  /** The answer is told again. */
  | { readonly type: 'hit'; readonly answer: KeptAnswer }
  /** The answer is made, and kept for the next one. */
  | { readonly type: 'keep'; readonly key: string };

/** Part of the fifth stage: is the answer to exactly this known to this tenant, and may it be used? */
export const lookUp = (
  { principal }: Exchange,
  call: GenerationCall,
  { cache, mayRead }: { readonly cache: ResponseCache; readonly mayRead: () => boolean },
): CachePlan => {
  const key = answerKey(call, principal.tenantId);
  if (key === undefined) return { type: 'pass' };
  const answer = mayRead() ? cache.get(key) : undefined;
  return answer === undefined ? { type: 'keep', key } : { type: 'hit', answer };
};

/**
 * Tells a kept answer again, as fast as the client takes it, and as far as its limits and budgets go. All of its prompt
 * counts as cached, and no time as spent.
 */
export const replay = async (
  exchange: Exchange,
  { meter }: Pick<GenerationCall, 'meter'>,
  answer: KeptAnswer,
  sink: GenerationSink,
): Promise<readonly ChoiceEnd[]> => {
  const ends: ChoiceEnd[] = [];
  exchange.record.replayed();
  for (const [index, { events, end }] of answer.entries()) {
    const { promptTokens } = end.usage;
    meter?.began(promptTokens);
    exchange.throwIfAborted();
    let told = 0;
    let isWhole = true;
    if (index === 0) exchange.record.started(promptTokens, promptTokens);
    sink.started(index, { type: 'started', promptTokens, cachedTokens: promptTokens, queueMs: 0 });
    for (const event of events) {
      isWhole = meter?.take(event.tokens) !== false;
      if (!isWhole) break;
      told += event.tokens;
      exchange.record.generated(event.tokens);
      const taken = sink.token(index, event);
      if (taken !== undefined) await untilAborted(taken, exchange.signal);
    }
    // marks and stop strings were made and never told; they count as far as the limits go
    const untold = end.usage.outputTokens - told;
    const isCounted = isWhole && (untold <= 0 || meter?.take(untold) !== false);
    const how = isWhole
      ? { reason: end.reason, stopText: end.stopText }
      : ({ reason: 'length', stopText: undefined } as const);
    sink.ended(index, how);
    ends.push({
      ...how,
      usage: { ...(isCounted ? end.usage : onlyPassed(end.usage, told)), cachedTokens: promptTokens },
      timings: { queueMs: 0, prefillMs: 0, decodeMs: 0 },
    });
  }
  exchange.throwIfAborted();
  return ends;
};

/** The same sink, and all that goes through it put by; `kept` gives it for the cache once the answer is whole. */
export const keepingSink = (
  sink: GenerationSink,
  choices: number,
): { readonly sink: GenerationSink; readonly kept: (ends: readonly ChoiceEnd[]) => KeptAnswer } => {
  const events = Array.from({ length: choices }, (): TokenEvent[] => []);
  return {
    sink: {
      ...sink,
      token: (choice, event) => {
        events[choice]?.push(event);
        return sink.token(choice, event);
      },
    },
    kept: (ends) => ends.map((end, index) => ({ end, events: events[index] ?? [] })),
  };
};
