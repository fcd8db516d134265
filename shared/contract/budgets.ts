import { z } from 'zod';
import { base, none } from './base.ts';
import { currencySchema } from './prices.ts';

/** Calendar spans, UTC; a week begins on Monday. */
export const budgetWindows = ['hour', 'day', 'week', 'month', 'year'] as const;
export const budgetWindowSchema = z.enum(budgetWindows);
export type BudgetWindow = z.infer<typeof budgetWindowSchema>;

/** Whose use counts: all keys of a tenant, or a key with its successors and the keys it made. */
export const budgetOwnerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('tenant'), tenantId: z.string() }),
  z.object({ type: z.literal('key'), keyId: z.string() }),
]);
export type BudgetOwner = z.infer<typeof budgetOwnerSchema>;

/** Known by owner, window and currency: each owner may have several. */
const budgetIdSchema = z.object({
  owner: budgetOwnerSchema,
  window: budgetWindowSchema,
  /** `null`: tokens, prompt and output together. */
  currency: currencySchema.nullable().default(null),
});
export type BudgetId = z.output<typeof budgetIdSchema>;

export const budgetSchema = budgetIdSchema.extend({
  /** Tokens, or millionths of the currency. */
  limit: z.number().int().min(1).max(1_000_000_000_000_000),
  /** Shares of the limit, in percent, at which it is told, once in each window. */
  alertPercents: z.array(z.number().int().min(1).max(100)).max(10).default([80, 100]),
  /** Past the limit, requests are refused; `false`: only told. */
  isEnforced: z.boolean().default(true),
});
export type Budget = z.output<typeof budgetSchema>;

/** Names a budget in the audit log, in events and in the database: `key/k3j…/day/tokens`, `tenant/research/month/EUR`. */
export const budgetKey = ({ owner, window, currency }: BudgetId): string =>
  `${owner.type}/${owner.type === 'key' ? owner.keyId : owner.tenantId}/${window}/${currency ?? 'tokens'}`;

/** A share of a budget that was used up. */
export const budgetAlertSchema = z.object({ percent: z.number().int(), atMs: z.number() });
export type BudgetAlert = z.infer<typeof budgetAlertSchema>;

/** A budget in its current window, by the ledger: what running answers hold is not in it. */
export const budgetUseSchema = z.object({
  budget: budgetSchema,
  windowStartMs: z.number(),
  windowEndMs: z.number(),
  /** Tokens, or millionths of the currency, half a one up. */
  used: z.number().int(),
  /** Tokens of models without a price in this currency, which a budget in money cannot count. */
  unpricedTokens: z.number().int(),
  alerts: z.array(budgetAlertSchema),
});
export type BudgetUse = z.infer<typeof budgetUseSchema>;

export const budgetProcedures = {
  /** Those the caller may see, with their use. */
  list: base.route({ method: 'GET', path: '/budgets' }).input(none).output(z.array(budgetUseSchema)),
  /** Replaces the budget of the same owner, window and currency. */
  set: base.route({ method: 'PUT', path: '/budgets' }).input(budgetSchema).output(budgetUseSchema),
  remove: base.route({ method: 'POST', path: '/budgets/remove' }).input(budgetIdSchema).output(budgetSchema),
};
