import type { StatementInput } from '../../../../shared/contract/prices.ts';

/** What the statement is of, as it was chosen; `null`: not chosen yet, so the first there is. */
export interface StatementChoice {
  readonly tenantId: string | null;
  /** `null`: all keys. */
  readonly keyId: string | null;
  readonly month: string | null;
  readonly currency: string | null;
}

export const noChoice: StatementChoice = { tenantId: null, keyId: null, month: null, currency: null };

const MONTHS = 24;
const monthTitle = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** The last 24 months (UTC), this one first. */
export const recentMonths = (
  nowMs: number,
): readonly { readonly value: string; readonly label: string }[] => {
  const now = new Date(nowMs);
  return Array.from({ length: MONTHS }, (_, back) => {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back));
    return { value: month.toISOString().slice(0, 7), label: monthTitle.format(month) };
  });
};

interface Offered {
  readonly tenantIds: readonly string[];
  readonly currencies: readonly string[];
  readonly nowMs: number;
}

/** What is asked of the host: what was chosen, the first of what is offered where nothing was. */
export const statementInput = (
  { tenantId, keyId, month, currency }: StatementChoice,
  { tenantIds, currencies, nowMs }: Offered,
): StatementInput | undefined => {
  const tenant = tenantId ?? tenantIds[0];
  const unit = currency ?? currencies[0];
  if (tenant === undefined || unit === undefined) return undefined;
  return {
    tenantId: tenant,
    month: month ?? new Date(nowMs).toISOString().slice(0, 7),
    currency: unit,
    ...(keyId !== null && { keyId }),
  };
};

/** `dyno-statement-lab-2026-11`, with the key where it is of one. */
export const statementName = ({ tenantId, keyId, month, currency }: StatementInput): string =>
  ['dyno-statement', tenantId, ...(keyId === undefined ? [] : [keyId]), month, currency].join('-');
