import type { Budget } from '../../../shared/contract/budgets.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { BudgetHold } from '../budgets/budget-book.ts';
import { budgetHeader, budgetRefusal } from '../budgets/budget-words.ts';
import type { Call } from '../call.ts';
import type { Exchange } from '../exchange.ts';
import type { PricedTokens } from '../../../shared/units/token-cost.ts';
import { countPromptTokens } from '../limits/count-prompt.ts';
import type { LimitDesk } from '../limits/limit-desk.ts';
import { limitHeaders } from '../limits/limit-headers.ts';
import { limitRules, type LimitRule } from '../limits/limit-rules.ts';
import type { LimitState, TokenWish } from '../limits/limiter.ts';
import type { Relief } from './relieve.ts';
import { untilAborted } from '../until-aborted.ts';

/** A call with what it holds of the limits; disposing it charges what was used and gives the rest back. */
export interface HeldCall extends Disposable {
  readonly call: Call;
}

/** Tokens the answers will probably need: as many as nine of ten did, never more than were asked for. */
const expectedOutput = (call: Call, p90: number): number =>
  call.type === 'generation'
    ? call.choices.reduce((sum, { request }) => sum + Math.min(request.maxTokens ?? Infinity, p90), 0)
    : 0;

const wishOf = async (
  exchange: Exchange,
  call: Call,
  {
    rules,
    budgets,
    p90,
  }: { readonly rules: readonly LimitRule[]; readonly budgets: readonly Budget[]; readonly p90: number },
): Promise<TokenWish> => {
  const limits = rules.flatMap(({ resource, limit }) => (resource === 'tokens' ? [limit] : []));
  if (limits.length === 0 && !budgets.some(({ isEnforced }) => isEnforced)) {
    return { promptTokens: 0, outputTokens: 0 };
  }
  const most = Math.min(...limits);
  const promptTokens = await untilAborted(countPromptTokens(call), exchange.signal);
  if (promptTokens > most) {
    throw new AppError(
      'gateway.payload-too-large',
      `The prompt has ${promptTokens} tokens; this key may use ${most} a minute.`,
      { hint: 'Send a shorter prompt, or ask for a higher limit.' },
    );
  }
  // An answer that grows past what is reserved asks for more, so a guess over the whole limit need not be refused.
  return { promptTokens, outputTokens: Math.min(expectedOutput(call, p90), most - promptTokens) };
};

/** @throws AppError `gateway.insufficient-quota`, `gateway.payload-too-large` */
const holdBudgets = (
  { reply }: Exchange,
  budgets: readonly Budget[],
  { wish, model, desk }: { readonly wish: TokenWish; readonly model: string; readonly desk: LimitDesk },
): BudgetHold => {
  const result = desk.budgets.hold(budgets, { model, ...wish });
  const header = budgetHeader(desk.budgets.states(budgets), desk.nowMs());
  if (header !== undefined) reply.header('x-dyno-budget', header);
  if (result.type === 'refused') throw budgetRefusal(result.by, result.reason, result.waitMs);
  return result.hold;
};

const refusal = ({ rule, remaining, resetMs }: LimitState, waitMs: number): AppError => {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  const unit = rule.resource === 'concurrency' ? 'requests at once' : `${rule.resource} a minute`;
  return new AppError(
    'gateway.rate-limited',
    `The ${rule.scope} may use ${rule.limit} ${unit}; ${rule.limit - remaining} are used.`,
    {
      hint: `Try again in ${retryAfterSeconds} s.`,
      details: {
        retryAfterSeconds,
        scope: rule.scope,
        resource: rule.resource,
        limit: rule.limit,
        used: rule.limit - remaining,
        // places come back with the requests that hold them
        resetsInSeconds: resetMs === null ? retryAfterSeconds : Math.ceil(resetMs / 1000),
      },
    },
  );
};

/** What the ledger will have of a request, for its budgets. */
const pricedTokens = ({ record }: Exchange): PricedTokens => {
  const { promptTokens, cachedTokens, outputTokens } = record.row();
  const cached = cachedTokens ?? 0;
  return { prompt: (promptTokens ?? 0) - cached, cached, output: outputTokens };
};

/**
 * Sixth stage: room under every budget and limit of the key, its model, its tenant and the server, from all or from none.
 * The reply's headers say what is left, also of a refusal.
 * @throws AppError `gateway.insufficient-quota`, `gateway.rate-limited` with `details.retryAfterSeconds`;
 *   `gateway.payload-too-large` for a prompt that no wait would let through
 */
export const reserve = async (
  exchange: Exchange,
  { call, isPressed }: Pick<Relief, 'call' | 'isPressed'>,
  desk: LimitDesk,
): Promise<HeldCall> => {
  const { limiter, history, source } = desk;
  const model = call.model.info.id;
  const rules = limitRules(exchange.principal, model, source);
  const budgets = desk.budgetsOf(exchange.principal);
  const learn = (): void => {
    // Clamped and chosen for being short, the answers of a pressed server would teach it ever shorter ones.
    if (!isPressed && call.type === 'generation' && exchange.record.totalMs() !== null) {
      history.add(model, exchange.record.outputTokens() / call.choices.length);
    }
  };
  if (rules.length === 0 && budgets.length === 0) return { call, [Symbol.dispose]: learn };
  const wish = await wishOf(exchange, call, { rules, budgets, p90: history.p90(model) });
  // From here to the end is one turn of the event loop: no other request sees what is held half.
  const hold = budgets.length === 0 ? undefined : holdBudgets(exchange, budgets, { wish, model, desk });
  const result = limiter.reserve(rules, wish);
  for (const [name, value] of Object.entries(limitHeaders(limiter.states(rules)))) {
    exchange.reply.header(name, value);
  }
  if (result.type === 'refused') {
    hold?.release();
    throw refusal(result.by, result.waitMs);
  }
  const { reservation } = result;
  const isMetered =
    budgets.some(({ isEnforced }) => isEnforced) || rules.some(({ resource }) => resource === 'tokens');
  const takes = (tokens: number): boolean => hold?.take(tokens) !== false && reservation.take(tokens);
  return {
    call: isMetered && call.type === 'generation' ? { ...call, takes } : call,
    [Symbol.dispose]: () => {
      reservation.settle(exchange.record.usedTokens());
      hold?.settle(pricedTokens(exchange));
      learn();
    },
  };
};
