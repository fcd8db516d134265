/** Keys, tenants and projects of the server, and the log of who changed them, which can only grow. */
export const access = `
  CREATE TABLE access_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL,
    server_limits TEXT NOT NULL
  ) STRICT;
  INSERT INTO access_state (id, revision, server_limits) VALUES (1, 0, '{}');

  CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    created_at_ms REAL NOT NULL,
    last_used_at_ms REAL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE TABLE tenants (id TEXT PRIMARY KEY, created_at_ms REAL NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE TABLE projects (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    created_at_ms REAL NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
  ) STRICT;

  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    tenant_id TEXT,
    body TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
  CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
`;
