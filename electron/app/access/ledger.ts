import type { PricedDay, PriceSheet, UsageDay } from '../../../shared/contract/prices.ts';
import type { UsageEntry, UsageRow, UsageSum, UsageSumInput } from '../../../shared/contract/usage.ts';
import { createPricing } from '../../../shared/units/price-usage.ts';
import type { Clock, Logger } from '../../platform/ports.ts';
import type { UsageStore } from '../../platform/stores.ts';
import { tenantOf, type Actor } from './actor.ts';

/** A transaction for each of a thousand requests a second would cost more than the requests. */
const WRITE_EVERY_MS = 100;
/** Rows that wait for a disk that is full; the oldest go first, and are told of. */
const MOST_WAITING = 100_000;

/** The append-only ledger. A kill loses at most the last tenth of a second; disposing it writes what waits. */
export interface Ledger extends Disposable {
  /** Costs are added when it is written: at the price sheets of that moment. */
  readonly add: (entry: UsageEntry) => void;
  sum(actor: Actor, input: UsageSumInput): readonly UsageSum[];
  /** Of a tenant whose reach was checked. */
  days(span: Parameters<UsageStore['days']>[0]): readonly UsageDay[];
  pricedDays(span: Parameters<UsageStore['pricedDays']>[0]): readonly PricedDay[];
  rows(
    actor: Actor,
    span: { readonly fromMs: number; readonly toMs: number; readonly limit: number },
  ): readonly UsageRow[];
}

export const openLedger = ({
  store,
  sheets,
  clock,
  log,
}: {
  readonly store: UsageStore;
  /** Those that hold now; asked for every writing, since another host may change them. */
  readonly sheets: () => readonly PriceSheet[];
  readonly clock: Pick<Clock, 'every'>;
  readonly log: Logger;
}): Ledger => {
  const waiting: UsageEntry[] = [];
  const write = (): void => {
    if (waiting.length === 0) return;
    try {
      const costsOf = createPricing(sheets());
      store.add(waiting.map((entry) => ({ ...entry, costs: [...costsOf(entry)] })));
      waiting.length = 0;
    } catch (error) {
      const lost = waiting.splice(0, Math.max(0, waiting.length - MOST_WAITING)).length;
      log.error('the ledger could not be written', { error, waiting: waiting.length, lost });
    }
  };
  const timer = clock.every(WRITE_EVERY_MS, write);
  return {
    add: (row) => void waiting.push(row),
    sum: (actor, input) => {
      write();
      return store.sum({ ...input, tenantId: tenantOf(actor) });
    },
    days: (span) => {
      write();
      return store.days(span);
    },
    pricedDays: (span) => {
      write();
      return store.pricedDays(span);
    },
    rows: (actor, span) => {
      write();
      return store.rows({ ...span, tenantId: tenantOf(actor) });
    },
    [Symbol.dispose]: () => {
      timer[Symbol.dispose]();
      write();
    },
  };
};
