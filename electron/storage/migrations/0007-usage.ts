/** The ledger of the server, which can only grow, and its sums by the hour. */
export const usage = `
  CREATE TABLE usage_rows (
    seq INTEGER PRIMARY KEY,
    request_id TEXT NOT NULL UNIQUE,
    at_ms REAL NOT NULL,
    tenant_id TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX usage_rows_by_time ON usage_rows (at_ms);
  CREATE TRIGGER usage_is_not_changed BEFORE UPDATE ON usage_rows
    BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;
  CREATE TRIGGER usage_is_not_shortened BEFORE DELETE ON usage_rows
    BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;

  CREATE TABLE usage_hours (
    hour_ms INTEGER NOT NULL,
    tenant_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    model TEXT NOT NULL,
    requests INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    PRIMARY KEY (hour_ms, tenant_id, project_id, key_id, model)
  ) STRICT;
`;
