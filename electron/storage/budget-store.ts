import { budgetAlertSchema, budgetKey, budgetSchema } from '../../shared/contract/budgets.ts';
import type { BudgetStore } from '../platform/stores.ts';
import type { Database } from './database.ts';
import { readDocument } from './documents.ts';

/** Budgets of keys and tenants. */
export const createBudgetStore = (database: Database): BudgetStore => {
  /** Servers look at the revision to see that something about access changed. */
  const rise = (): void => void database.run('UPDATE access_state SET revision = revision + 1');
  return {
    list: () =>
      database.all('SELECT body FROM budgets ORDER BY id').map((row) => readDocument(budgetSchema, row)),
    put: (budget) =>
      database.transaction(() => {
        const id = budgetKey(budget);
        const before = database.one('SELECT body FROM budgets WHERE id = ?', id);
        // shares of another limit say nothing of this one
        if (before === undefined || readDocument(budgetSchema, before).limit !== budget.limit)
          database.run('DELETE FROM budget_alerts WHERE budget_id = ?', id);
        database.run('INSERT OR REPLACE INTO budgets VALUES (?, ?)', id, JSON.stringify(budget));
        rise();
      }),
    remove: (id) =>
      database.transaction(() => {
        database.run('DELETE FROM budgets WHERE id = ?', budgetKey(id));
        rise();
      }),
    alerts: (id, windowStartMs) =>
      database
        .all(
          `SELECT percent, at_ms AS "atMs" FROM budget_alerts
           WHERE budget_id = ? AND window_start_ms = ? ORDER BY percent`,
          budgetKey(id),
          windowStartMs,
        )
        .map((row) => budgetAlertSchema.parse(row)),
    addAlert: (id, windowStartMs, { percent, atMs }) =>
      database.one(
        `INSERT INTO budget_alerts VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING percent`,
        budgetKey(id),
        windowStartMs,
        percent,
        atMs,
      ) !== undefined,
  };
};
