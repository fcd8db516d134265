/** Load runs, their stages, and every request as it was seen: one row each, so that a kill loses a moment. */
export const load = `
  CREATE TABLE load_runs (
    id TEXT PRIMARY KEY,
    created_at_ms REAL NOT NULL,
    head TEXT NOT NULL
  ) STRICT;
  CREATE INDEX load_runs_by_time ON load_runs (created_at_ms);

  CREATE TABLE load_stages (
    load_id TEXT NOT NULL REFERENCES load_runs (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (load_id, position)
  ) STRICT;

  CREATE TABLE load_samples (
    id INTEGER PRIMARY KEY,
    load_id TEXT NOT NULL REFERENCES load_runs (id) ON DELETE CASCADE,
    stage INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX load_samples_by_stage ON load_samples (load_id, stage);

  CREATE TABLE load_ticks (
    id INTEGER PRIMARY KEY,
    load_id TEXT NOT NULL REFERENCES load_runs (id) ON DELETE CASCADE,
    stage INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX load_ticks_by_run ON load_ticks (load_id, stage);
`;
