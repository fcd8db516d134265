import type { Clock } from '../../platform/ports.ts';
import type { Claim, ClaimLine } from './claim-line.ts';
import { costMs, debtMs, remainingUnits, waitMs, WINDOW_MS } from './gcra.ts';
import type { LimitRule } from './limit-rules.ts';
import { nthPlaceAtMs } from './retry-after.ts';
import { createServiceTime } from './service-time.ts';
import { createToldTimes, type ToldTimes } from './told-times.ts';

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
 * What a request holds of its limits: held → settled | released. Either gives back the places of concurrency; a second
 * time does nothing.
 */
export interface Reservation {
  /** Takes tokens that were made, reserving more where needed; false, and nothing taken, where the limits have no more. */
  take(tokens: number): boolean;
  /**
   * Puts the prompt right, which was reserved by what it has at most. Where it has more all the same and the limits have
   * no room for that, nothing changes and the refusal is returned.
   */
  recount(promptTokens: number): Refused | undefined;
  /** Charges what was used, never more than was reserved, and gives the rest back. */
  settle(usedTokens: number): void;
  /** Gives all back, the request itself too: it was refused elsewhere. */
  release(): void;
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
  /** What was asked of it. */
  readonly units: number;
  readonly waitMs: number;
}

export type Reserved = { readonly type: 'held'; readonly reservation: Reservation } | Refused;

export interface Limiter {
  /**
   * Looks at every limit, then takes from all or from none: a refused request costs nothing.
   * @param claim of one who waits for that in the line: only those before it go first
   */
  reserve(rules: readonly LimitRule[], wish: TokenWish, claim?: Claim): Reserved;
  /** What would refuse that now; nothing is taken. */
  refusalOf(rules: readonly LimitRule[], wish: TokenWish): Refused | undefined;
  /** A client was told so: who is refused after it is told of a later moment. */
  told(refused: Refused): void;
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
  /** Those who wait for room, which they have before all who come; nobody unless given. */
  readonly line?: Pick<ClaimLine, 'owedBefore'>;
  /** Called when something was given back. */
  readonly onRoom?: () => void;
}): Limiter => {
  const { clock, line, onRoom } = options;
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
  const toldTimes = new Map<string, ToldTimes>();

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
  const unitsOf = ({ resource }: LimitRule, tokens: number): number => (resource === 'tokens' ? tokens : 1);
  /** @param owed what those lack who go first; an answer that runs goes before all */
  const waitOf = (rule: LimitRule, tokens: number, nowMs: number, owed = 0): number => {
    const toldAhead = (): number => toldTimes.get(rule.id)?.unitsAhead(nowMs) ?? 0;
    if (rule.resource !== 'concurrency') {
      const tat = owed === 0 ? tatOf(rule.id) : Math.max(tatOf(rule.id), nowMs) + costMs(owed, rule.limit);
      const wait = waitMs(tat, nowMs, { cost: unitsOf(rule, tokens), limit: rule.limit });
      if (wait === 0) return 0;
      // others that were told to come are no reason to send anyone away for more than a window
      return Math.max(wait, Math.min(WINDOW_MS, wait + costMs(toldAhead(), rule.limit)));
    }
    const leases = placesOf(rule.id, nowMs);
    const missing = 1 + leases.size + owed - rule.limit;
    if (missing <= 0) return 0;
    const load = {
      meanServiceMs: heldTime.meanMs(),
      runningSinceMs: Array.from(leases, ({ sinceMs }) => sinceMs),
      waiting: owed,
    };
    const placeAtMs = nthPlaceAtMs(load, nowMs, missing + toldAhead()) + heldTime.slackMs();
    return Math.max(1, placeAtMs - nowMs);
  };

  /** What blocks for the longest time, if anything does. */
  const blockOf = (
    rules: readonly LimitRule[],
    tokens: number,
    nowMs: number,
    owedOf: (id: string) => number = () => 0,
  ): Refused | undefined => {
    let longest: { readonly rule: LimitRule; readonly waitMs: number } | undefined;
    for (const rule of rules) {
      const wait = waitOf(rule, tokens, nowMs, owedOf(rule.id));
      if (wait > (longest?.waitMs ?? 0)) longest = { rule, waitMs: wait };
    }
    if (longest === undefined) return undefined;
    const { rule } = longest;
    return {
      type: 'refused',
      by: stateOf(rule, nowMs),
      units: unitsOf(rule, tokens),
      waitMs: longest.waitMs,
    };
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
      else add(rule, unitsOf(rule, reserved), nowMs);
    }
    const end = (backOf: (rule: LimitRule) => number): void => {
      if (isSettled) return;
      isSettled = true;
      const atMs = clock.monotonicMs();
      for (const rule of rules) {
        if (rule.resource === 'concurrency') places.get(rule.id)?.delete(lease);
        else add(rule, -backOf(rule), atMs);
      }
      held.delete(lease);
      onRoom?.();
    };
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
        if (held.has(lease)) heldTime.add(clock.monotonicMs() - lease.sinceMs);
        end(({ resource }) => (resource === 'tokens' ? Math.max(0, reserved - usedTokens) : 0));
      },
      release: () => end((rule) => unitsOf(rule, reserved)),
    };
  };

  const blockOfNew = (
    rules: readonly LimitRule[],
    { promptTokens, outputTokens }: TokenWish,
    claim?: Claim,
  ): Refused | undefined =>
    blockOf(
      rules,
      promptTokens + outputTokens,
      clock.monotonicMs(),
      line && ((id) => line.owedBefore(id, claim)),
    );

  return {
    reserve: (rules, wish, claim) => {
      const refused = blockOfNew(rules, wish, claim);
      if (refused === undefined) {
        return { type: 'held', reservation: hold(rules, wish, clock.monotonicMs()) };
      }
      if (claim !== undefined) {
        claim.bucket = refused.by.rule.id;
        claim.units = refused.units;
      }
      return refused;
    },
    refusalOf: (rules, wish) => blockOfNew(rules, wish),
    told: ({ by: { rule }, units, waitMs: wait }) => {
      const times = toldTimes.get(rule.id) ?? createToldTimes();
      toldTimes.set(rule.id, times);
      times.add(clock.monotonicMs() + wait, units);
    },
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
      for (const [id, times] of toldTimes) if (times.unitsAhead(nowMs) === 0) toldTimes.delete(id);
      return Array.from(tats, ([id, tat]) => ({ id, debtMs: tat - nowMs, atMs }));
    },
  };
};
