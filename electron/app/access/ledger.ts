import type { UsageDay } from '../../../shared/contract/prices.ts';
import type { UsageRow, UsageSum, UsageSumInput } from '../../../shared/contract/usage.ts';
import type { Clock, Logger } from '../../platform/ports.ts';
import type { UsageStore } from '../../platform/stores.ts';
import { tenantOf, type Actor } from './actor.ts';

/** A transaction for each of a thousand requests a second would cost more than the requests. */
const WRITE_EVERY_MS = 100;
/** Rows that wait for a disk that is full; the oldest go first, and are told of. */
const MOST_WAITING = 100_000;

/** The append-only ledger. A kill loses at most the last tenth of a second; disposing it writes what waits. */
export interface Ledger extends Disposable {
  readonly add: (row: UsageRow) => void;
  sum(actor: Actor, input: UsageSumInput): readonly UsageSum[];
  /** Of a tenant whose reach was checked. */
  days(span: Parameters<UsageStore['days']>[0]): readonly UsageDay[];
  rows(
    actor: Actor,
    span: { readonly fromMs: number; readonly toMs: number; readonly limit: number },
  ): readonly UsageRow[];
}

export const openLedger = ({
  store,
  clock,
  log,
}: {
  readonly store: UsageStore;
  readonly clock: Pick<Clock, 'every'>;
  readonly log: Logger;
}): Ledger => {
  const waiting: UsageRow[] = [];
  const write = (): void => {
    if (waiting.length === 0) return;
    try {
      store.add(waiting);
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
