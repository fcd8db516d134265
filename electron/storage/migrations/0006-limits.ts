/** What was used of the server's rates when it was last kept. */
export const limits = `
  CREATE TABLE limit_debts (
    id TEXT PRIMARY KEY,
    debt_ms REAL NOT NULL,
    at_ms REAL NOT NULL
  ) STRICT;
`;
