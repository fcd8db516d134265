/** Quality results by their key, and the finished pieces of those under way: a kill loses at most one window. */
export const quality = `
  CREATE TABLE quality_results (
    id TEXT PRIMARY KEY,
    measured_at_ms REAL NOT NULL,
    base_sha256 TEXT NOT NULL,
    candidate_sha256 TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX quality_results_by_pair ON quality_results (base_sha256, candidate_sha256);

  CREATE TABLE quality_pieces (
    key TEXT NOT NULL,
    position INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (key, position)
  ) STRICT;
`;
