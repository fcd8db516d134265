import { AppError, toAppError } from '../../../shared/errors/app-error.ts';
import type { FinishReason, GenerateEvent, GenerateUsage } from '../../engine/engine.ts';
import type { ChoicePlan, GenerationCall } from '../call.ts';
import type { Exchange } from '../exchange.ts';
import type { Ticket } from '../limits/admission-queue.ts';
import type { AnswerEnd } from '../generation/format.ts';
import { nameParameter } from '../generation/name-parameter.ts';
import { isFirstOfPrompt, type ChoiceEnd } from '../generation/report.ts';
import { renderRecorded } from '../recording/record-prompt.ts';
import { untilAborted } from '../until-aborted.ts';
import { whenAborted } from '../when-aborted.ts';
import { route } from './route.ts';

export type StartEvent = Extract<GenerateEvent, { readonly type: 'started' }>;
export type TokenEvent = Extract<GenerateEvent, { readonly type: 'delta' | 'tool-call' }>;

/** Takes what the engine makes, in order per choice. A returned promise holds the next event of that choice back. */
export interface GenerationSink {
  /** The engine began on that choice. */
  started(choice: number, event: StartEvent): void;
  token(choice: number, event: TokenEvent): Promise<void> | undefined;
  ended(choice: number, end: AnswerEnd): void;
}

/** Runs one choice to its end; its ticket is given back the moment the engine is done with it. */
const runChoice = async (
  exchange: Exchange,
  call: GenerationCall,
  part: { readonly plan: ChoicePlan; readonly ticket: Ticket; readonly index: number },
  sink: GenerationSink,
): Promise<ChoiceEnd> => {
  const { plan, index } = part;
  using ticket = part.ticket;
  if (ticket.granted !== undefined) await untilAborted(ticket.granted, exchange.signal);
  exchange.throwIfAborted();
  // one listener in place of AbortSignal.any, whose weak references burden every collection
  const engine = new AbortController();
  using _stop = whenAborted(exchange.signal, () => engine.abort());
  /** Why this choice ended before the engine would have ended it. */
  let earlyReason: FinishReason | undefined;
  const endEarly = (reason: FinishReason): void => {
    earlyReason = reason;
    engine.abort();
  };
  /** Tokens that went into the answer; the engine may have made more before it heard of an early end. */
  let passedTokens = 0;
  const replica = route(exchange, call.model);
  const prompt = await plan.toPrompt?.(replica);
  const request = {
    ...plan.request,
    ...(prompt === undefined ? {} : { prompt }),
    id: call.choices.length === 1 ? exchange.id : `${exchange.id}-${index}`,
  };
  const { recorder } = call;
  if (recorder !== undefined) {
    void renderRecorded(replica, request.prompt).then((rendered) => recorder.prompt(index, rendered));
  }

  for await (const event of replica.generate(request, engine.signal)) {
    switch (event.type) {
      case 'started':
        call.meter?.began(event.promptTokens);
        exchange.throwIfAborted(); // a prompt that has no room is not begun on, nor charged
        if (isFirstOfPrompt(call.choices, index)) {
          exchange.record.started(event.promptTokens, event.cachedTokens);
        }
        sink.started(index, event);
        break;
      case 'delta':
      case 'tool-call': {
        if (earlyReason !== undefined) break;
        if (event.type === 'tool-call' && event.index > 0 && !plan.allowsParallelToolCalls) {
          endEarly('tool-calls');
          break;
        }
        if (call.meter?.take(event.tokens) === false) {
          endEarly('length');
          break;
        }
        passedTokens += event.tokens;
        exchange.record.generated(event.tokens);
        const taken = sink.token(index, event);
        if (taken !== undefined) await untilAborted(taken, exchange.signal);
        break;
      }
      case 'finished': {
        exchange.throwIfAborted();
        const isEarly = earlyReason !== undefined;
        const reason = earlyReason ?? event.reason;
        if (reason === 'aborted') throw stoppedByEngine();
        const end = { reason, stopText: event.stopText };
        sink.ended(index, end);
        // marks and stop strings are made and never told; they count as far as the limits go
        const untold = event.usage.outputTokens - passedTokens;
        const isCounted = !isEarly && (untold <= 0 || call.meter?.take(untold) !== false);
        const usage = isCounted ? event.usage : onlyPassed(event.usage, passedTokens);
        return { ...end, usage, timings: event.timings };
      }
      default:
        event satisfies never;
    }
  }
  exchange.throwIfAborted();
  throw stoppedByEngine();
};

/** What was made past an early end is nobody's: neither told nor charged. */
export const onlyPassed = (usage: GenerateUsage, outputTokens: number): GenerateUsage => ({
  ...usage,
  outputTokens,
  reasoningTokens: Math.min(usage.reasoningTokens, outputTokens),
});

const stoppedByEngine = (): AppError =>
  new AppError('engine.not-ready', 'The engine stopped before the answer was whole.', { hint: 'Try again.' });

/**
 * Ninth stage: all choices at once, each on a ticket of its own. The first failure ends the others; resolves when
 * every one has ended.
 * @throws what the engine throws, or what the exchange was aborted with
 */
export const generate = async (
  exchange: Exchange,
  call: GenerationCall,
  tickets: readonly Ticket[],
  sink: GenerationSink,
): Promise<readonly ChoiceEnd[]> => {
  const running = call.choices.map(async (plan, index) => {
    const ticket = tickets[index];
    try {
      if (ticket === undefined) throw new AppError('app.internal', 'A choice was admitted without a ticket.');
      return await runChoice(exchange, call, { plan, ticket, index }, sink);
    } catch (error) {
      const named = nameParameter(toAppError(error), call);
      exchange.abort(named);
      throw named;
    }
  });
  await Promise.allSettled(running);
  exchange.throwIfAborted();
  return Promise.all(running);
};
