/** Budgets of keys and tenants, and which of their shares were told in which window. */
export const budgets = `
  CREATE TABLE budgets (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE budget_alerts (
    budget_id TEXT NOT NULL,
    window_start_ms INTEGER NOT NULL,
    percent INTEGER NOT NULL,
    at_ms REAL NOT NULL,
    PRIMARY KEY (budget_id, window_start_ms, percent)
  ) STRICT;
`;
