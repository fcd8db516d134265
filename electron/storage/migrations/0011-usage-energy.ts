/**
 * Energy of requests, told a second or two after their rows were written, so in a table beside them; its share of the
 * hour's sums; and what the devices drew in each hour, with a request at work and without.
 */
export const usageEnergy = `
  CREATE TABLE usage_energy (
    request_id TEXT PRIMARY KEY,
    body TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER usage_energy_is_not_changed BEFORE UPDATE ON usage_energy
    BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;
  CREATE TRIGGER usage_energy_is_not_shortened BEFORE DELETE ON usage_energy
    BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;

  ALTER TABLE usage_hours ADD COLUMN energy_requests INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage_hours ADD COLUMN energy_joules REAL NOT NULL DEFAULT 0;

  CREATE TABLE energy_hours (
    hour_ms INTEGER NOT NULL,
    device TEXT NOT NULL,
    request_joules REAL NOT NULL,
    idle_joules REAL NOT NULL,
    seconds REAL NOT NULL,
    PRIMARY KEY (hour_ms, device)
  ) STRICT, WITHOUT ROWID;
`;
