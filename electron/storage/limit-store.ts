import type { LimitStore } from '../platform/stores.ts';
import type { Database } from './database.ts';
import { textOf } from './documents.ts';

/** The buckets of the server's rates. */
export const createLimitStore = (database: Database): LimitStore => ({
  load: () =>
    database.all('SELECT id, debt_ms, at_ms FROM limit_debts').map((row) => ({
      id: textOf(row, 'id'),
      debtMs: Number(row['debt_ms']),
      atMs: Number(row['at_ms']),
    })),
  save: (debts) =>
    database.transaction(() => {
      database.run('DELETE FROM limit_debts');
      for (const { id, debtMs, atMs } of debts) {
        database.run('INSERT INTO limit_debts (id, debt_ms, at_ms) VALUES (?, ?, ?)', id, debtMs, atMs);
      }
    }),
});
