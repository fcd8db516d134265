/** Result files of other tools as runs of the list. */
export const importedRuns = `
  CREATE TABLE imported_runs (
    id TEXT PRIMARY KEY,
    imported_at_ms REAL NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
`;
