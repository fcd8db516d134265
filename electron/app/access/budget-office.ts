import { budgetKey, type Budget, type BudgetId, type BudgetUse } from '../../../shared/contract/budgets.ts';
import type { PriceSheet } from '../../../shared/contract/prices.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { EventBody } from '../../../shared/events/events.ts';
import { microOf, priceOf } from '../../../shared/units/token-cost.ts';
import { windowAt, type BudgetSource } from '../../gateway/index.ts';
import type { Clock, Logger } from '../../platform/ports.ts';
import type { AccessStore, AuditStore, BudgetStore, PriceStore } from '../../platform/stores.ts';
import { readRecently } from '../read-recently.ts';
import type { AccessDirectory } from './access-directory.ts';
import { auditActorOf, checkReach, tenantOf, type Actor } from './actor.ts';
import { usedOf, type BudgetAmount } from './budget-use.ts';
import { ancestorsOf, familyOf } from './key-family.ts';
import type { Ledger } from './ledger.ts';

/** Budgets: who may set them, what is used of them, and what the server asks of them. */
export interface BudgetOffice extends Disposable {
  list(actor: Actor): readonly BudgetUse[];
  /**
   * @throws AppError `app.not-found` for an owner that is not there, `app.bad-input` for a currency without a price,
   *   `gateway.insufficient-permissions` for a budget that holds the actor itself, or an owner
   */
  set(actor: Actor, budget: Budget): BudgetUse;
  remove(actor: Actor, id: BudgetId): Budget;
  readonly source: BudgetSource;
}

interface Options {
  readonly clock: Clock;
  readonly log: Logger;
  readonly store: BudgetStore;
  readonly access: AccessStore;
  readonly prices: PriceStore;
  readonly audit: AuditStore;
  readonly ledger: Pick<Ledger, 'days' | 'pricedDays' | 'flush'>;
  readonly directory: AccessDirectory;
  readonly publish: (body: EventBody) => void;
}

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

export const createBudgetOffice = (options: Options): BudgetOffice => {
  const { clock, log, store, access, prices, audit, ledger, directory, publish } = options;
  const sheetsNow = readRecently(clock, prices.list);
  const sheetsOf = (currency: string | null, all: readonly PriceSheet[]): readonly PriceSheet[] =>
    all.filter((sheet) => sheet.currency === currency);

  const amountSince = (budget: Budget, fromMs: number): BudgetAmount => {
    const { owner, currency } = budget;
    const span = { fromMs, toMs: Number.MAX_SAFE_INTEGER };
    const spans =
      owner.type === 'tenant'
        ? [{ ...span, tenantId: owner.tenantId }]
        : familyOf(owner.keyId, [...directory.keys()]).map(({ id, tenantId }) => ({
            ...span,
            tenantId,
            keyId: id,
          }));
    const sheets = sheetsOf(currency, prices.list());
    return spans
      .map((each) => {
        const priced = currency === null ? [] : ledger.pricedDays({ ...each, currency });
        return usedOf(budget, { days: ledger.days(each), priced }, sheets);
      })
      .reduce(
        (sum, { used, unpricedTokens }) => ({
          used: sum.used + used,
          unpricedTokens: sum.unpricedTokens + unpricedTokens,
        }),
        { used: 0n, unpricedTokens: 0 },
      );
  };
  const useOf = (budget: Budget): BudgetUse => {
    const { startMs, endMs } = windowAt(budget.window, clock.nowMs());
    const { used, unpricedTokens } = amountSince(budget, startMs);
    return {
      budget,
      windowStartMs: startMs,
      windowEndMs: endMs,
      used: budget.currency === null ? Number(used) : microOf(used),
      unpricedTokens,
      alerts: [...store.alerts(budget, startMs)],
    };
  };

  /** Tenant that the owner belongs to; `undefined` where it is not there. */
  const homeOf = ({ owner }: BudgetId): string | undefined =>
    owner.type === 'key' ? directory.keyOf(owner.keyId)?.tenantId : directory.tenantOf(owner.tenantId)?.id;
  const isSeen = (actor: Actor, id: BudgetId): boolean => {
    const own = tenantOf(actor);
    return own === undefined || own === homeOf(id);
  };
  const checkMayChange = (actor: Actor, id: BudgetId): void => {
    const { owner } = id;
    const what = owner.type === 'key' ? `key ${owner.keyId}` : `tenant ${owner.tenantId}`;
    const home = homeOf(id);
    if (home === undefined) {
      throw new AppError('app.not-found', `There is no ${what}.`, {
        hint: owner.type === 'key' ? 'dyno keys list shows all.' : 'dyno tenants list shows all.',
      });
    }
    checkReach(actor, home, what);
    if (actor.type !== 'key') return;
    const isHeld = tenantOf(actor) !== undefined;
    if (isHeld && owner.type === 'key' && directory.keyOf(owner.keyId)?.role === 'owner') {
      throw new AppError('gateway.insufficient-permissions', `The key ${owner.keyId} is an owner's.`, {
        hint: 'Only owners set budgets of owners.',
      });
    }
    const holdsActor =
      owner.type === 'key' ? ancestorsOf(actor.principal.keyId, directory.keyOf).has(owner.keyId) : isHeld;
    if (!holdsActor) return;
    throw new AppError(
      'gateway.insufficient-permissions',
      `The budget of ${what} holds the key ${actor.principal.name} as well.`,
      { hint: 'Ask who gave you the key.' },
    );
  };
  const note = (
    actor: Actor,
    action: 'budget.set' | 'budget.removed' | 'budget.reached',
    budget: Budget,
    details: object = budget,
  ): void => {
    audit.append({
      atMs: clock.nowMs(),
      actor: auditActorOf(actor),
      action,
      tenantId: homeOf(budget) ?? null,
      subject: budgetKey(budget),
      details: { ...details },
    });
  };

  const ofKey = new Map<string, readonly Budget[]>();
  let all = store.list();
  const changes = directory.onChange(() => {
    all = store.list();
    ofKey.clear();
  });

  return {
    list: (actor) =>
      store
        .list()
        .filter((budget) => isSeen(actor, budget))
        .map(useOf),
    set: (actor, wish) => {
      checkMayChange(actor, wish);
      if (wish.currency !== null && sheetsOf(wish.currency, prices.list()).length === 0) {
        throw new AppError('app.bad-input', `There are no prices in ${wish.currency} to count by.`, {
          hint: `Set some: dyno prices set '*' --currency ${wish.currency} --prompt 0.1 --output 0.4 --from ${dayOf(clock.nowMs())}`,
        });
      }
      const alertPercents = [...new Set(wish.alertPercents)].sort((a, b) => a - b);
      const budget = { ...wish, alertPercents };
      access.transaction(() => {
        store.put(budget);
        note(actor, 'budget.set', budget);
      });
      directory.refresh();
      return useOf(budget);
    },
    remove: (actor, id) => {
      checkMayChange(actor, id);
      const known = store.list().find((budget) => budgetKey(budget) === budgetKey(id));
      if (known === undefined) {
        throw new AppError('app.not-found', `There is no budget ${budgetKey(id)}.`, {
          hint: 'dyno usage budgets list shows all.',
        });
      }
      access.transaction(() => {
        store.remove(known);
        note(actor, 'budget.removed', known);
      });
      directory.refresh();
      return known;
    },
    source: {
      budgetsOf: ({ keyId, tenantId }) => {
        if (all.length === 0) return all;
        const known = ofKey.get(keyId);
        if (known !== undefined) return known;
        const ancestors = ancestorsOf(keyId, directory.keyOf);
        const found = all.filter(({ owner }) =>
          owner.type === 'key' ? ancestors.has(owner.keyId) : owner.tenantId === tenantId,
        );
        ofKey.set(keyId, found);
        return found;
      },
      priceOf: (model, currency) => priceOf(sheetsOf(currency, sheetsNow()), model, dayOf(clock.nowMs())),
      usedSince: (budget, startMs) => {
        ledger.flush(); // what cannot be written must not seem unused
        return amountSince(budget, startMs).used;
      },
      reached: (budget, { percent, windowStartMs }) => {
        const { endMs } = windowAt(budget.window, windowStartMs);
        const isNew = access.transaction(() => {
          if (!store.addAlert(budget, windowStartMs, { percent, atMs: clock.nowMs() })) return false;
          note({ type: 'dyno' }, 'budget.reached', budget, { percent, windowStartMs, limit: budget.limit });
          return true;
        });
        if (!isNew) return;
        log.warn('a budget was reached', { budget: budgetKey(budget), percent });
        publish({ type: 'budget.reached', budget, percent, windowEndMs: endMs });
      },
    },
    [Symbol.dispose]: () => changes[Symbol.dispose](),
  };
};
