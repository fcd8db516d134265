import { localCostSchema, type CostReport, type LocalCost } from '../../../shared/contract/local-cost.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { localCostReport, recordedIn } from '../../../shared/units/local-cost.ts';
import type { Clock } from '../../platform/ports.ts';
import type { AuditStore, FactStore, PriceStore } from '../../platform/stores.ts';
import { auditActorOf, tenantOf, type Actor } from './actor.ts';
import type { Ledger } from './ledger.ts';

/** What this machine costs, and whether it is cheaper than what price sheets say. */
export interface CostOffice {
  local(): LocalCost | null;
  setLocal(actor: Actor, local: LocalCost | null): LocalCost | null;
  /**
   * Of all tenants together.
   * @throws AppError `app.not-found` before the machine's cost is set, `gateway.insufficient-permissions` for who is
   *   held to a tenant
   */
  report(actor: Actor, span: { readonly fromMs: number; readonly toMs: number }): CostReport;
}

interface Options {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly facts: Pick<FactStore, 'get' | 'set' | 'remove'>;
  readonly sheets: PriceStore['list'];
  readonly audit: AuditStore;
  readonly ledger: Pick<Ledger, 'sum' | 'hostEnergy'>;
}

const key = 'prices/local';
const HOUR_MS = 3_600_000;

export const createCostOffice = ({ clock, facts, sheets, audit, ledger }: Options): CostOffice => {
  const local = (): LocalCost | null => {
    const stored = facts.get(key);
    if (stored === undefined) return null;
    const parsed = localCostSchema.safeParse(stored);
    if (parsed.success) return parsed.data;
    throw new AppError(
      'storage.corrupt',
      'What this machine costs is not kept in a form this version reads.',
      {
        cause: parsed.error,
        hint: 'Set it anew with dyno prices local.',
      },
    );
  };
  return {
    local,
    setLocal: (actor, next) => {
      if (next === null) facts.remove(key);
      else facts.set(key, next);
      audit.append({
        atMs: clock.nowMs(),
        actor: auditActorOf(actor),
        action: next === null ? 'prices.removed' : 'prices.set',
        tenantId: null,
        subject: 'this machine',
        details: { ...next },
      });
      return next;
    },
    report: (actor, { fromMs, toMs }) => {
      if (tenantOf(actor) !== undefined) {
        throw new AppError(
          'gateway.insufficient-permissions',
          'Costs of the machine are of all tenants together.',
          {
            hint: "Use the owner's key; dyno usage sum tells what a tenant's own requests cost.",
          },
        );
      }
      const settings = local();
      if (settings === null) {
        throw new AppError('app.not-found', 'What this machine costs is not set.', {
          hint: 'Set it, as: dyno prices local --currency EUR --per-kwh 0.32 --hardware 2400 --years 4 --used 33',
        });
      }
      const hours = ledger.sum(actor, { fromMs, toMs, by: 'hour' });
      const firstMs = hours[0] === undefined ? clock.nowMs() : Date.parse(hours[0].group);
      const endMs = Math.min(Math.ceil(toMs / HOUR_MS), Math.floor(clock.nowMs() / HOUR_MS) + 1) * HOUR_MS;
      const sum = (read: (hour: (typeof hours)[number]) => number): number =>
        hours.reduce((total, hour) => total + read(hour), 0);
      const used = {
        fromMs: firstMs,
        toMs: Math.max(firstMs, endMs),
        requests: sum(({ requests }) => requests),
        promptTokens: sum(({ promptTokens }) => promptTokens),
        cachedTokens: sum(({ cachedTokens }) => cachedTokens),
        outputTokens: sum(({ outputTokens }) => outputTokens),
      };
      const { devices, missing } = ledger.hostEnergy({ fromMs, toMs });
      return localCostReport(settings, used, {
        measured: {
          requestJoules: sum(({ energy }) => energy.joules),
          requests: sum(({ energy }) => energy.requests),
          idleJoules: devices.reduce((total, { idleJoules }) => total + idleJoules, 0),
          devices: devices.map(({ device }) => device),
          reason: missing ?? null,
        },
        sheets: sheets(),
        recorded: recordedIn(hours, settings.currency),
      });
    },
  };
};
