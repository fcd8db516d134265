import { AppError } from '../../../shared/errors/app-error.ts';
import type { Call } from '../call.ts';
import type { Exchange } from '../exchange.ts';
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
  { rules, p90 }: { readonly rules: readonly LimitRule[]; readonly p90: number },
): Promise<TokenWish> => {
  const limits = rules.flatMap(({ resource, limit }) => (resource === 'tokens' ? [limit] : []));
  if (limits.length === 0) return { promptTokens: 0, outputTokens: 0 };
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
        resetsInSeconds: resetMs === null ? null : Math.ceil(resetMs / 1000),
      },
    },
  );
};

/**
 * Sixth stage: room under every limit of the key, its model, its tenant and the server, from all or from none. The
 * reply's headers say what is left, also of a refusal.
 * @throws AppError `gateway.rate-limited` with `details.retryAfterSeconds`; `gateway.payload-too-large` for a prompt that
 *   no wait would let through
 */
export const reserve = async (
  exchange: Exchange,
  { call, isPressed }: Pick<Relief, 'call' | 'isPressed'>,
  desk: LimitDesk,
): Promise<HeldCall> => {
  const { limiter, history, source } = desk;
  const modelId = call.model.info.id;
  const rules = limitRules(exchange.principal, modelId, source);
  const learn = (): void => {
    // Clamped and chosen for being short, the answers of a pressed server would teach it ever shorter ones.
    if (!isPressed && call.type === 'generation' && exchange.record.totalMs() !== null) {
      history.add(modelId, exchange.record.outputTokens() / call.choices.length);
    }
  };
  if (rules.length === 0) return { call, [Symbol.dispose]: learn };
  const wish = await wishOf(exchange, call, { rules, p90: history.p90(modelId) });
  const result = limiter.reserve(rules, wish);
  for (const [name, value] of Object.entries(limitHeaders(limiter.states(rules)))) {
    exchange.reply.header(name, value);
  }
  if (result.type === 'refused') throw refusal(result.by, result.waitMs);
  const { reservation } = result;
  const isMetered = call.type === 'generation' && rules.some(({ resource }) => resource === 'tokens');
  return {
    call: isMetered ? { ...call, takes: reservation.take } : call,
    [Symbol.dispose]: () => {
      reservation.settle(exchange.record.usedTokens());
      learn();
    },
  };
};
