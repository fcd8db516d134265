/** Documents as JSON beside the columns that are searched or sorted; samples one row each, so a kill loses at most one. */
export const initial = `
  CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

  CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms REAL NOT NULL,
    body TEXT NOT NULL
  ) STRICT;

  CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    started_at_ms REAL NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX jobs_by_start ON jobs (started_at_ms);

  CREATE TABLE models (path TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;

  CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    created_at_ms REAL NOT NULL,
    head TEXT NOT NULL
  ) STRICT;
  CREATE INDEX runs_by_time ON runs (created_at_ms);

  CREATE TABLE cells (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    position INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run_id, id)
  ) STRICT;

  CREATE TABLE repetitions (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    cell_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run_id, cell_id, position)
  ) STRICT;

  CREATE TABLE request_samples (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    cell_id TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX request_samples_by_cell ON request_samples (run_id, cell_id);

  CREATE TABLE timeline (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX timeline_by_run ON timeline (run_id);
`;
