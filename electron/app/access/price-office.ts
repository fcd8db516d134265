import type { PriceId, PriceSheet, Statement, StatementInput } from '../../../shared/contract/prices.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { makeStatement } from '../../../shared/units/make-statement.ts';
import { monthSpanText, pastMonthsOf } from '../../../shared/units/past-months.ts';
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
  /** @throws AppError `app.not-found` for a tenant or key that is not there or out of the actor's reach */
  statement(actor: Actor, input: StatementInput): Statement;
}

interface Options {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly store: PriceStore;
  readonly access: Pick<AccessStore, 'tenants' | 'keys' | 'transaction'>;
  readonly audit: AuditStore;
  readonly ledger: Pick<Ledger, 'days' | 'pricedDays'>;
}

/** @param month `2026-11` @returns its first millisecond and that of the next one, UTC */
const spanOfMonth = (month: string): { readonly fromMs: number; readonly toMs: number } => {
  const from = new Date(`${month}-01T00:00:00Z`);
  return { fromMs: from.getTime(), toMs: Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1) };
};

const pricesOf = ({ promptMicro, cachedMicro, outputMicro }: PriceSheet) => ({
  promptMicro,
  cachedMicro,
  outputMicro,
});

export const createPriceOffice = ({ clock, store, access, audit, ledger }: Options): PriceOffice => {
  const find = ({ model, currency, fromDay }: PriceId): PriceSheet | undefined =>
    store
      .list()
      .find((each) => each.model === model && each.currency === currency && each.fromDay === fromDay);
  const note = (
    actor: Actor,
    action: 'prices.set' | 'prices.removed',
    sheet: PriceSheet,
    more: Readonly<Record<string, unknown>> = {},
  ): void => {
    const atMs = clock.nowMs();
    const past = pastMonthsOf(sheet, store.list(), atMs);
    audit.append({
      atMs,
      actor: auditActorOf(actor),
      action,
      tenantId: null,
      subject: sheet.model,
      details: { ...sheet, ...more, ...(past !== undefined && { pastMonths: monthSpanText(past) }) },
    });
  };
  return {
    list: store.list,
    set: (actor, sheet) =>
      access.transaction(() => {
        const before = find(sheet);
        store.put(sheet);
        note(actor, 'prices.set', sheet, before === undefined ? {} : { before: pricesOf(before) });
        return sheet;
      }),
    remove: (actor, id) =>
      access.transaction(() => {
        const sheet = find(id);
        if (sheet === undefined) {
          throw new AppError(
            'app.not-found',
            `There is no price of ${id.model} in ${id.currency} from ${id.fromDay} on.`,
            { hint: 'dyno prices list shows all.' },
          );
        }
        store.remove(sheet);
        note(actor, 'prices.removed', sheet);
        return sheet;
      }),
    statement: (actor, input) => {
      checkReach(actor, input.tenantId, `tenant ${input.tenantId}`);
      const { tenantId, keyId } = input;
      const tenant = access.tenants().find(({ id }) => id === tenantId);
      if (tenant === undefined) {
        throw new AppError('app.not-found', `There is no tenant ${tenantId}.`, {
          hint: 'dyno tenants list shows all.',
        });
      }
      const key = access.keys().find((each) => each.id === keyId && each.tenantId === tenantId);
      if (keyId !== undefined && key === undefined) {
        throw new AppError('app.not-found', `Tenant ${tenantId} has no key ${keyId}.`, {
          hint: 'dyno keys list shows all.',
        });
      }
      const span = { ...spanOfMonth(input.month), tenantId, keyId };
      const used = {
        days: ledger.days(span),
        priced: ledger.pricedDays({ ...span, currency: input.currency }),
      };
      const head = { tenantName: tenant.name, keyName: key?.name ?? null, madeAtMs: clock.nowMs() };
      return makeStatement({ ...input, ...head }, used, store.list());
    },
  };
};
