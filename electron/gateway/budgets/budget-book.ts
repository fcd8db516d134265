import { budgetKey, type Budget } from '../../../shared/contract/budgets.ts';
import type { PriceSheet } from '../../../shared/contract/prices.ts';
import type { PricedTokens } from '../../../shared/units/token-cost.ts';
import type { Clock } from '../../platform/ports.ts';
import type { Principal } from '../auth/principal.ts';
import { limitUnits, unitOf, type BudgetUnit } from './budget-unit.ts';
import { windowAt } from './budget-window.ts';

/** What budgets know of the world. */
export interface BudgetSource {
  /** Budgets that a key's requests count against. Asked for every request. */
  budgetsOf(principal: Principal): readonly Budget[];
  /** The sheet that holds for a model now. */
  priceOf(model: string, currency: string): PriceSheet | undefined;
  /** What the ledger has of a budget since `startMs`, in the units of `unitOf`; of all processes of this data folder. */
  usedSince(budget: Budget, startMs: number): bigint;
  /** A share was used up in a window. Told once by one book while a budget is not set anew; whoever hears it knows what was told before. */
  reached(budget: Budget, fact: { readonly percent: number; readonly windowStartMs: number }): void;
}

/** A budget in its window, in its units. */
export interface BudgetState {
  readonly budget: Budget;
  readonly limit: bigint;
  readonly used: bigint;
  /** By running answers. */
  readonly held: bigint;
  readonly endMs: number;
}

/** What a request holds of its budgets; settling charges what was used instead, once. */
export interface BudgetHold {
  /** Takes output tokens that were made, holding more where needed; false where a budget has no more. */
  take(tokens: number): boolean;
  /** Puts the prompt right, which was held by what it has at most; the refusal where it has more, without room for it. */
  recount(promptTokens: number): BudgetRefused | undefined;
  settle(used: PricedTokens): void;
  /** Gives all back: the request never began. */
  release(): void;
}

/**
 * `spent`: room comes with the next window; `held`: running answers hold what is left, until they end; `too-large`: the
 * prompt and one token of an answer are over the limit.
 */
export type BudgetBlock = 'spent' | 'held' | 'too-large';

/** `waitMs` is the longest of all that block: exact where a window must end, a guess for `held`, else `Infinity`. */
export interface BudgetRefused {
  readonly type: 'refused';
  readonly reason: BudgetBlock;
  readonly by: BudgetState;
  readonly waitMs: number;
}

export type BudgetResult = { readonly type: 'held'; readonly hold: BudgetHold } | BudgetRefused;

export interface BudgetBook extends Disposable {
  /** Looks at every budget, then holds of all or of none. @param outputTokens probably needed */
  hold(
    budgets: readonly Budget[],
    wish: { readonly model: string; readonly promptTokens: number; readonly outputTokens: number },
  ): BudgetResult;
  states(budgets: readonly Budget[]): readonly BudgetState[];
}

interface Account {
  readonly endMs: number;
  readonly startMs: number;
  budget: Budget;
  /** By the ledger when it was last asked. */
  ledger: bigint;
  /** Since then, by this process. */
  charged: bigint;
  held: bigint;
  readonly told: Set<number>;
  touchedMs: number;
}

/** What one request holds of one budget. */
interface Share {
  readonly account: Account;
  readonly limit: bigint;
  readonly unit: BudgetUnit;
  held: bigint;
}

/** How often the ledger is asked again, for what other processes used. */
const ASK_EVERY_MS = 2000;
/** An account nobody used for so long is asked for anew. */
const FORGET_AFTER_MS = 600_000;
/** Weight of the newest request in the mean time that something is held, and that mean before the first. */
const NEWEST_WEIGHT = 0.2;
const FIRST_GUESS_MS = 1000;

const usedOf = ({ ledger, charged }: Account): bigint => ledger + charged;
const stateOf = (account: Account): BudgetState => ({
  budget: account.budget,
  limit: limitUnits(account.budget),
  used: usedOf(account),
  held: account.held,
  endMs: account.endMs,
});
const roomOf = ({ account, limit }: Share): bigint => limit - usedOf(account) - account.held;
const least = (left: bigint, right: bigint): bigint => (left < right ? left : right);

/**
 * What is used and held of budgets. All of a call happens in one turn of the event loop, so no two requests see the same
 * room. A request counts in the window it came in, also when it ends after it, as in the ledger.
 */
export const openBudgetBook = (
  source: Omit<BudgetSource, 'budgetsOf'>,
  { clock, onError }: { readonly clock: Clock; readonly onError: (error: unknown) => void },
): BudgetBook => {
  const accounts = new Map<string, Account>();
  let meanHeldMs = FIRST_GUESS_MS;

  const tell = (account: Account): void => {
    const limit = limitUnits(account.budget);
    for (const percent of account.budget.alertPercents) {
      if (account.told.has(percent) || usedOf(account) * 100n < limit * BigInt(percent)) continue;
      account.told.add(percent);
      try {
        source.reached(account.budget, { percent, windowStartMs: account.startMs });
      } catch (error) {
        onError(error); // what cannot be told must not stop an answer
      }
    }
  };

  const accountOf = (budget: Budget): Account => {
    const id = budgetKey(budget);
    const nowMs = clock.nowMs();
    const known = accounts.get(id);
    if (known !== undefined && nowMs < known.endMs) {
      if (known.budget !== budget) known.told.clear(); // of another limit, maybe
      known.budget = budget;
      known.touchedMs = clock.monotonicMs();
      return known;
    }
    const { startMs, endMs } = windowAt(budget.window, nowMs);
    const account: Account = {
      startMs,
      endMs,
      budget,
      ledger: source.usedSince(budget, startMs),
      charged: 0n,
      held: 0n,
      told: new Set(),
      touchedMs: clock.monotonicMs(),
    };
    accounts.set(id, account);
    return account;
  };

  // Only between two turns of the event loop is all that was charged in the ledger as well, so never from a request.
  const timer = clock.every(ASK_EVERY_MS, () => {
    const idleSinceMs = clock.monotonicMs() - FORGET_AFTER_MS;
    for (const [id, account] of accounts) {
      const isOver = clock.nowMs() >= account.endMs; // who still holds of it keeps it
      if (isOver || (account.held === 0n && account.touchedMs < idleSinceMs)) accounts.delete(id);
      else {
        try {
          account.ledger = source.usedSince(account.budget, account.startMs);
          account.charged = 0n;
          tell(account);
        } catch (error) {
          onError(error); // the next turn asks again
        }
      }
    }
  });

  /** What blocks for the longest time, if anything does. */
  const longestBlock = (
    shares: readonly Share[],
    needOf: (share: Share) => bigint,
  ): BudgetRefused | undefined => {
    let longest: BudgetRefused | undefined;
    for (const share of shares) {
      const { account, limit } = share;
      const need = needOf(share);
      if (need <= roomOf(share)) continue;
      const [reason, waitMs] =
        need > limit
          ? (['too-large', Infinity] as const)
          : need > limit - usedOf(account)
            ? (['spent', account.endMs - clock.nowMs()] as const)
            : (['held', meanHeldMs] as const);
      if (waitMs > (longest?.waitMs ?? -1))
        longest = { type: 'refused', reason, by: stateOf(account), waitMs };
    }
    return longest;
  };

  const hold: BudgetBook['hold'] = (budgets, { model, promptTokens, outputTokens }) => {
    const parts = budgets.map((budget): Share => ({
      account: accountOf(budget),
      limit: limitUnits(budget),
      unit: unitOf(budget, budget.currency === null ? undefined : source.priceOf(model, budget.currency)),
      held: 0n,
    }));
    const enforced = parts.filter(({ account }) => account.budget.isEnforced);
    const promptNeed = ({ unit }: Share): bigint =>
      unit.ofPrompt(promptTokens) + (outputTokens > 0 ? unit.perOutput : 0n);
    const refused = longestBlock(enforced, promptNeed);
    if (refused !== undefined) return refused;
    const granted = enforced.reduce(
      (fewest, part) =>
        part.unit.perOutput === 0n
          ? fewest
          : least(fewest, (roomOf(part) - part.unit.ofPrompt(promptTokens)) / part.unit.perOutput),
      BigInt(outputTokens),
    );
    const holdMore = (unitsOf: (share: Share) => bigint): void => {
      for (const share of enforced) {
        const units = unitsOf(share);
        share.held += units;
        share.account.held += units;
      }
    };
    holdMore(({ unit }) => unit.ofPrompt(promptTokens) + granted * unit.perOutput);
    const sinceMs = clock.monotonicMs();
    let prompt = promptTokens;
    let reserved = granted;
    let taken = 0n;
    let isSettled = false;
    return {
      type: 'held',
      hold: {
        take: (tokens) => {
          if (isSettled) return false;
          const more = taken + BigInt(tokens) - reserved;
          if (more > 0n) {
            const fitting = [more > granted ? more : granted, more].find((each) =>
              enforced.every((part) => each * part.unit.perOutput <= roomOf(part)),
            );
            if (fitting === undefined) return false;
            holdMore(({ unit }) => fitting * unit.perOutput);
            reserved += fitting;
          }
          taken += BigInt(tokens);
          return true;
        },
        recount: (exact) => {
          if (isSettled || exact === prompt) return undefined;
          const more = ({ unit }: Share): bigint => unit.ofPrompt(exact) - unit.ofPrompt(prompt);
          const block = exact > prompt ? longestBlock(enforced, more) : undefined;
          if (block !== undefined) return block;
          holdMore(more);
          prompt = exact;
          return undefined;
        },
        release: () => {
          if (isSettled) return;
          isSettled = true;
          for (const { account, held } of parts) account.held -= held;
        },
        settle: (used) => {
          if (isSettled) return;
          isSettled = true;
          meanHeldMs += NEWEST_WEIGHT * (clock.monotonicMs() - sinceMs - meanHeldMs);
          for (const { account, unit, held } of parts) {
            account.held -= held;
            account.charged += unit.of(used);
            tell(account);
          }
        },
      },
    };
  };

  return {
    hold,
    states: (budgets) => budgets.map((budget) => stateOf(accountOf(budget))),
    [Symbol.dispose]: () => timer[Symbol.dispose](),
  };
};
