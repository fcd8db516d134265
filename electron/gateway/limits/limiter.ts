import type { Clock } from '../../platform/ports.ts';
import { costMs, debtMs, remainingUnits, waitMs, WINDOW_MS } from './gcra.ts';
import type { LimitRule } from './limit-rules.ts';
import { nthPlaceAtMs } from './retry-after.ts';
import { createServiceTime } from './service-time.ts';

/** A rate's debt as it is kept over a restart. */
export interface StoredDebt {
  readonly id: string;
  readonly debtMs: number;
  /** On the wall clock. */
  readonly atMs: number;
}

/** What is left of one limit. `resetMs`: until all of it is there again; `null` for concurrency. */
export interface LimitState {
  readonly rule: LimitRule;
  readonly remaining: number;
  readonly resetMs: number | null;
}

/**
 * What a request holds of its limits: held → settled. Settling gives back what was reserved and not used, and the places
 * of concurrency; a second time does nothing.
 */
export interface Reservation {
  /** Takes tokens that were made, reserving more where needed; false, and nothing taken, where the limits have no more. */
  take(tokens: number): boolean;
  /**
   * Puts the prompt right, which was reserved by what it has at most. Where it has more all the same and the limits have
   * no room for that, nothing changes and the refusal is returned.
   */
  recount(promptTokens: number): Refused | undefined;
  /** Charges what was used, never more than was reserved. */
  settle(usedTokens: number): void;
}

/** Tokens a request will need: exactly those of its prompt, and a guess of its answer's, which is renewed in such steps. */
export interface TokenWish {
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** `waitMs` is the longest of all that block; `Infinity` when waiting does not help. */
export interface Refused {
  readonly type: 'refused';
  readonly by: LimitState;
  readonly waitMs: number;
}

export type Reserved = { readonly type: 'held'; readonly reservation: Reservation } | Refused;

export interface Limiter {
  /**
   * Looks at every limit, then takes from all or from none: a refused request costs nothing.
   */
  reserve(rules: readonly LimitRule[], wish: TokenWish): Reserved;
  /** What would refuse that now; nothing is taken. */
  refusalOf(rules: readonly LimitRule[], wish: TokenWish): Refused | undefined;
  states(rules: readonly LimitRule[]): readonly LimitState[];
  /** Requests that hold a place now; those past their deadline count no more. */
  leases(): number;
  debts(): readonly StoredDebt[];
}

interface Lease {
  readonly sinceMs: number;
  readonly deadlineMs: number;
}

/**
 * Rates by GCRA, concurrency by leases. All of a call happens in one turn of the event loop, so no two requests see the
 * same room. A lease whose holder vanished falls away at its deadline, whatever became of it.
 */
export const createLimiter = (options: {
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  readonly leaseMs: number;
  readonly debts?: readonly StoredDebt[];
}): Limiter => {
  const { clock } = options;
  const startMs = clock.monotonicMs();
  const startWallMs = clock.nowMs();
  // A wall clock that was set back must not block for longer than a full bucket.
  const tats = new Map(
    (options.debts ?? []).map(({ id, debtMs: debt, atMs }) => [
      id,
      startMs + Math.min(WINDOW_MS, Math.max(0, debt - Math.max(0, startWallMs - atMs))),
    ]),
  );
  const places = new Map<string, Set<Lease>>();
  const held = new Set<Lease>();
  const heldTime = createServiceTime();

  const tatOf = (id: string): number => tats.get(id) ?? 0;
  const add = (rule: LimitRule, units: number, nowMs: number): void => {
    const tat = Math.max(tatOf(rule.id), nowMs) + costMs(units, rule.limit);
    if (tat > nowMs) tats.set(rule.id, tat);
    else tats.delete(rule.id);
  };
  const placesOf = (id: string, nowMs: number): Set<Lease> => {
    const all = places.get(id) ?? new Set();
    for (const lease of all) if (lease.deadlineMs <= nowMs) all.delete(lease);
    return all;
  };
  const stateOf = (rule: LimitRule, nowMs: number): LimitState =>
    rule.resource === 'concurrency'
      ? { rule, remaining: Math.max(0, rule.limit - placesOf(rule.id, nowMs).size), resetMs: null }
      : {
          rule,
          remaining: remainingUnits(tatOf(rule.id), nowMs, rule.limit),
          resetMs: debtMs(tatOf(rule.id), nowMs),
        };
  const waitOf = (rule: LimitRule, tokens: number, nowMs: number): number => {
    if (rule.resource !== 'concurrency') {
      const cost = rule.resource === 'requests' ? 1 : tokens;
      return waitMs(tatOf(rule.id), nowMs, { cost, limit: rule.limit });
    }
    const leases = placesOf(rule.id, nowMs);
    if (leases.size < rule.limit) return 0;
    const load = {
      meanServiceMs: heldTime.meanMs(),
      runningSinceMs: Array.from(leases, ({ sinceMs }) => sinceMs),
      waiting: 0,
    };
    const placeAtMs = nthPlaceAtMs(load, nowMs, 1 + leases.size - rule.limit) + heldTime.slackMs();
    return Math.max(1, placeAtMs - nowMs);
  };

  /** What blocks for the longest time, if anything does. */
  const blockOf = (rules: readonly LimitRule[], tokens: number, nowMs: number): Refused | undefined => {
    let longest: { readonly rule: LimitRule; readonly waitMs: number } | undefined;
    for (const rule of rules) {
      const wait = waitOf(rule, tokens, nowMs);
      if (wait > (longest?.waitMs ?? 0)) longest = { rule, waitMs: wait };
    }
    return longest === undefined
      ? undefined
      : { type: 'refused', by: stateOf(longest.rule, nowMs), waitMs: longest.waitMs };
  };

  const hold = (rules: readonly LimitRule[], wish: TokenWish, nowMs: number): Reservation => {
    const lease = { sinceMs: nowMs, deadlineMs: nowMs + options.leaseMs };
    const ofTokens = rules.filter(({ resource }) => resource === 'tokens');
    let { promptTokens } = wish;
    let reserved = promptTokens + wish.outputTokens;
    let taken = promptTokens;
    let isSettled = false;
    held.add(lease);
    for (const rule of rules) {
      if (rule.resource === 'concurrency') places.set(rule.id, placesOf(rule.id, nowMs).add(lease));
      else add(rule, rule.resource === 'requests' ? 1 : reserved, nowMs);
    }
    /** All or nothing again; by the step where that fits, else by what is needed. */
    const extend = (least: number): boolean => {
      const atMs = clock.monotonicMs();
      const units = [Math.max(least, wish.outputTokens), least].find((each) =>
        ofTokens.every((rule) => waitOf(rule, each, atMs) === 0),
      );
      if (units === undefined) return false;
      for (const rule of ofTokens) add(rule, units, atMs);
      reserved += units;
      return true;
    };
    return {
      take: (count) => {
        if (isSettled) return false;
        const least = taken + count - reserved;
        if (least > 0 && !extend(least)) return false;
        taken += count;
        return true;
      },
      recount: (exact) => {
        const more = exact - promptTokens;
        if (isSettled || more === 0) return undefined;
        const atMs = clock.monotonicMs();
        const refused = more > 0 ? blockOf(ofTokens, more, atMs) : undefined;
        if (refused !== undefined) return refused;
        for (const rule of ofTokens) add(rule, more, atMs);
        promptTokens = exact;
        reserved += more;
        taken += more;
        return undefined;
      },
      settle: (usedTokens) => {
        if (isSettled) return;
        isSettled = true;
        const atMs = clock.monotonicMs();
        for (const rule of ofTokens) add(rule, Math.min(0, usedTokens - reserved), atMs);
        for (const rule of rules) places.get(rule.id)?.delete(lease);
        if (held.delete(lease)) heldTime.add(atMs - lease.sinceMs);
      },
    };
  };

  const refusalOf: Limiter['refusalOf'] = (rules, { promptTokens, outputTokens }) =>
    blockOf(rules, promptTokens + outputTokens, clock.monotonicMs());

  return {
    reserve: (rules, wish) =>
      refusalOf(rules, wish) ?? { type: 'held', reservation: hold(rules, wish, clock.monotonicMs()) },
    refusalOf,
    states: (rules) => {
      const nowMs = clock.monotonicMs();
      return rules.map((rule) => stateOf(rule, nowMs));
    },
    leases: () => {
      const nowMs = clock.monotonicMs();
      for (const lease of held) if (lease.deadlineMs <= nowMs) held.delete(lease);
      return held.size;
    },
    debts: () => {
      const nowMs = clock.monotonicMs();
      const atMs = clock.nowMs();
      for (const [id, tat] of tats) if (tat <= nowMs) tats.delete(id);
      return Array.from(tats, ([id, tat]) => ({ id, debtMs: tat - nowMs, atMs }));
    },
  };
};
