import type { Budget } from '../../../shared/contract/budgets.ts';
import type { AppError } from '../../../shared/errors/app-error.ts';
import type { PricedTokens } from '../../../shared/units/token-cost.ts';
import type { KeyRing } from '../auth/key-ring.ts';
import type { Principal } from '../auth/principal.ts';
import type { BudgetHold } from '../budgets/budget-book.ts';
import { budgetHeader, budgetRefusal } from '../budgets/budget-words.ts';
import type { Call, TokenMeter } from '../call.ts';
import type { Exchange } from '../exchange.ts';
import type { Claim } from '../limits/claim-line.ts';
import type { Comeback } from '../limits/comeback.ts';
import { countPromptTokens } from '../limits/count-prompt.ts';
import type { LimitDesk } from '../limits/limit-desk.ts';
import { limitHeaders } from '../limits/limit-headers.ts';
import { limitRules, type LimitRule } from '../limits/limit-rules.ts';
import { limitRefusal } from '../limits/limit-words.ts';
import type { Refused, Reservation, TokenWish } from '../limits/limiter.ts';
import { boundWish, exactWish, noTokens } from '../limits/token-wish.ts';
import type { WaitingRoom } from '../limits/waiting-room.ts';
import { untilAborted } from '../until-aborted.ts';
import type { Relief } from './relieve.ts';

/** A call with what it holds of limits and budgets; disposing it charges what was used and gives the rest back. */
export interface HeldCall extends Disposable {
  readonly call: Call;
  /** The call is refused: it burns nothing, not even its one of the requests a minute. */
  release(): void;
  /** The call must wait: what it holds by a bound of its prompt is put right now, not when the engine begins on it. */
  waits(): void;
}

/** What a request counts against. */
interface Terms {
  readonly desk: LimitDesk;
  readonly model: string;
  readonly rules: readonly LimitRule[];
  readonly budgets: readonly Budget[];
}

export interface ReservePorts {
  readonly desk: LimitDesk;
  readonly comeback: Pick<Comeback, 'refusedAtMs'>;
  /** A key as it stands now. */
  readonly again: KeyRing['again'];
}

type Held =
  | { readonly type: 'held'; readonly reservation: Reservation; readonly hold: BudgetHold | undefined }
  | {
      readonly type: 'refused';
      readonly error: AppError;
      /** What refused, where it was a limit. */
      readonly limit: Refused | undefined;
    };

/** Tokens that the tightest limit has at all; `Infinity` without one. */
const mostTokens = ({ rules }: Terms): number =>
  Math.min(...rules.flatMap(({ resource, limit }) => (resource === 'tokens' ? [limit] : [])));

/** What is left, for the reply's headers. */
const leftOf = ({ desk, rules, budgets }: Terms): Readonly<Record<string, string>> => {
  const ofLimits = limitHeaders(desk.limiter.states(rules));
  if (budgets.length === 0) return ofLimits;
  const ofBudgets = budgetHeader(desk.budgets.states(budgets), desk.nowMs());
  return ofBudgets === undefined ? ofLimits : { ...ofLimits, 'x-dyno-budget': ofBudgets };
};

/** From all limits and budgets, or from none: one turn of the event loop, so no other request sees the half of it. */
const holdAll = ({ desk, model, rules, budgets }: Terms, wish: TokenWish, claim?: Claim): Held => {
  const budgeted = budgets.length === 0 ? undefined : desk.budgets.hold(budgets, { model, ...wish });
  if (budgeted?.type === 'refused') {
    // who waits as told must not meet a limit that was not told of
    const blocked = desk.limiter.refusalOf(rules, wish);
    const isLonger = blocked !== undefined && blocked.waitMs > budgeted.waitMs;
    return isLonger
      ? { type: 'refused', error: limitRefusal(blocked), limit: blocked }
      : { type: 'refused', error: budgetRefusal(budgeted), limit: undefined };
  }
  const limited = desk.limiter.reserve(rules, wish, claim);
  if (limited.type === 'held') return { ...limited, hold: budgeted?.hold };
  budgeted?.hold.release();
  return { type: 'refused', error: limitRefusal(limited), limit: limited };
};

/** False for what no wait ends: a budget that is spent. */
const mayWait = ({ code, details }: AppError): boolean =>
  code === 'gateway.rate-limited' ||
  (code === 'gateway.insufficient-quota' && details?.['shouldRetry'] === true);

/** Waits for room in the order of those who came back as told. */
const waitForRoom = (
  { principal, record, signal }: Exchange,
  room: WaitingRoom,
  hold: (claim: Claim) => Held,
): Promise<Held> => {
  record.degraded('queue');
  const attempt = (claim: Claim): Held | undefined => {
    const held = hold(claim);
    return held.type === 'refused' && mayWait(held.error) ? undefined : held;
  };
  return room.wait(principal.keyId, attempt, signal);
};

/** What the ledger will have of a request, for its budgets. */
const pricedTokens = ({ record }: Exchange): PricedTokens => {
  const { promptTokens, cachedTokens, outputTokens } = record.row();
  const cached = cachedTokens ?? 0;
  return { prompt: (promptTokens ?? 0) - cached, cached, output: outputTokens };
};

/**
 * Sixth stage: room under every budget and limit of the key, its model, its tenant and the server, from all or from none.
 * Where there is room for the most tokens a prompt can have, that is held until the engine tells their number, which
 * spares asking for it first; else the engine counts them before anything is decided. Who comes back as told and finds no
 * room all the same waits for it, by the limits as they are by then. The reply's headers say what is left as it starts,
 * also of a refusal.
 * @throws AppError `gateway.insufficient-quota`, `gateway.rate-limited` with `details.retryAfterSeconds`;
 *   `gateway.payload-too-large` for a prompt that no wait would let through
 */
export const reserve = async (
  exchange: Exchange,
  { call, isPressed }: Pick<Relief, 'call' | 'isPressed'>,
  { desk, comeback, again }: ReservePorts,
): Promise<HeldCall> => {
  const { history, source } = desk;
  const model = call.model.info.id;
  const termsOf = (principal: Principal): Terms => ({
    desk,
    model,
    rules: limitRules(principal, call.model.info, source),
    budgets: desk.budgetsOf(principal),
  });
  let terms = termsOf(exchange.principal);
  const learn = (): void => {
    // Clamped and chosen for being short, the answers of a pressed server would teach it ever shorter ones.
    if (!isPressed && call.type === 'generation' && exchange.record.totalMs() !== null) {
      history.add(model, exchange.record.outputTokens() / call.choices.length);
    }
  };
  if (terms.rules.length === 0 && terms.budgets.length === 0) {
    return { call, release: () => undefined, waits: () => undefined, [Symbol.dispose]: learn };
  }
  exchange.reply.headersAtStart(() => leftOf(terms));
  const isMetered =
    terms.rules.some(({ resource }) => resource === 'tokens') ||
    terms.budgets.some(({ isEnforced }) => isEnforced);
  const counts = () => ({ most: mostTokens(terms), p90: history.p90(model) });
  const countPrompt = (): Promise<number> => untilAborted(countPromptTokens(call), exchange.signal);
  const bound = isMetered ? boundWish(call, counts()) : noTokens;
  const first = bound === undefined ? undefined : holdAll(terms, bound);
  let held = first;
  if (held === undefined || (held.type === 'refused' && isMetered)) {
    held = holdAll(terms, exactWish(call, await countPrompt(), counts()));
  }
  if (held.type === 'refused' && mayWait(held.error) && comeback.refusedAtMs() !== undefined) {
    const promptTokens = isMetered ? await countPrompt() : 0;
    held = await waitForRoom(exchange, desk.room, (claim) => {
      terms = termsOf(again(exchange.principal.keyId));
      return holdAll(terms, isMetered ? exactWish(call, promptTokens, counts()) : noTokens, claim);
    });
  }
  if (held.type === 'refused') {
    if (held.limit !== undefined) desk.limiter.told(held.limit);
    throw held.error;
  }
  const { reservation, hold } = held;

  const recount = (promptTokens: number): void => {
    const budgeted = hold?.recount(promptTokens);
    const limited = reservation.recount(promptTokens);
    if (budgeted !== undefined) exchange.abort(budgetRefusal(budgeted));
    if (limited !== undefined) exchange.abort(limitRefusal(limited));
  };
  const isBound = isMetered && held === first;
  const hasOnePrompt =
    call.type === 'generation' && call.choices.every(({ promptIndex }) => promptIndex === 0);
  const meter: TokenMeter = {
    // what was counted without an engine, while the model loaded, is put right as well
    began: (promptTokens) => {
      if (hasOnePrompt) recount(promptTokens);
    },
    take: (tokens) => hold?.take(tokens) !== false && reservation.take(tokens),
  };
  return {
    call: isMetered && call.type === 'generation' ? { ...call, meter } : call,
    release: () => {
      hold?.release();
      reservation.release();
    },
    waits: () => {
      if (!isBound) return;
      // what fails to be counted fails to be answered, and is told then
      countPromptTokens(call).then(recount, () => undefined);
    },
    [Symbol.dispose]: () => {
      // the limits last: with the places that they give back, those who wait for a budget are looked at as well
      hold?.settle(pricedTokens(exchange));
      reservation.settle(exchange.record.usedTokens());
      learn();
    },
  };
};
