import type { PriceId, PriceSheet, Statement, StatementInput } from '../../../shared/contract/prices.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { makeStatement } from '../../../shared/units/make-statement.ts';
import type { Clock } from '../../platform/ports.ts';
import type { AccessStore, AuditStore, PriceStore } from '../../platform/stores.ts';
import { auditActorOf, checkReach, type Actor } from './actor.ts';
import type { Ledger } from './ledger.ts';

/** What tokens cost, and what a month came to. */
export interface PriceOffice {
  list(): readonly PriceSheet[];
  set(actor: Actor, sheet: PriceSheet): PriceSheet;
  /** @throws AppError `app.not-found` */
  remove(actor: Actor, id: PriceId): PriceSheet;
  /** @throws AppError `app.not-found` for a tenant that is not there or out of the actor's reach */
  statement(actor: Actor, input: StatementInput): Statement;
}

interface Options {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly store: PriceStore;
  readonly access: Pick<AccessStore, 'tenants' | 'transaction'>;
  readonly audit: AuditStore;
  readonly ledger: Pick<Ledger, 'days' | 'pricedDays'>;
}

/** @param month `2026-11` @returns its first millisecond and that of the next one, UTC */
const spanOfMonth = (month: string): { readonly fromMs: number; readonly toMs: number } => {
  const from = new Date(`${month}-01T00:00:00Z`);
  return { fromMs: from.getTime(), toMs: Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1) };
};

export const createPriceOffice = ({ clock, store, access, audit, ledger }: Options): PriceOffice => {
  const note = (actor: Actor, action: 'prices.set' | 'prices.removed', sheet: PriceSheet): void => {
    audit.append({
      atMs: clock.nowMs(),
      actor: auditActorOf(actor),
      action,
      tenantId: null,
      subject: sheet.model,
      details: { ...sheet },
    });
  };
  return {
    list: store.list,
    set: (actor, sheet) =>
      access.transaction(() => {
        store.put(sheet);
        note(actor, 'prices.set', sheet);
        return sheet;
      }),
    remove: (actor, { model, currency, fromDay }) =>
      access.transaction(() => {
        const sheet = store
          .list()
          .find((each) => each.model === model && each.currency === currency && each.fromDay === fromDay);
        if (sheet === undefined) {
          throw new AppError(
            'app.not-found',
            `There is no price of ${model} in ${currency} from ${fromDay} on.`,
            { hint: 'dyno prices list shows all.' },
          );
        }
        store.remove(sheet);
        note(actor, 'prices.removed', sheet);
        return sheet;
      }),
    statement: (actor, input) => {
      checkReach(actor, input.tenantId, `tenant ${input.tenantId}`);
      if (!access.tenants().some(({ id }) => id === input.tenantId)) {
        throw new AppError('app.not-found', `There is no tenant ${input.tenantId}.`, {
          hint: 'dyno tenants list shows all.',
        });
      }
      const { tenantId, keyId, currency } = input;
      const span = { ...spanOfMonth(input.month), tenantId, keyId };
      const used = { days: ledger.days(span), priced: ledger.pricedDays({ ...span, currency }) };
      return makeStatement(input, used, store.list());
    },
  };
};
