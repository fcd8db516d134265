/**
 * SHA-256 of the files that served, by the name of their content. Reading a large one takes minutes, so it may be told
 * long after the first rows that it is of.
 */
export const usageFiles = `
  CREATE TABLE usage_files (
    file_id TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER usage_files_are_not_changed BEFORE UPDATE ON usage_files
    BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;
  CREATE TRIGGER usage_files_are_not_shortened BEFORE DELETE ON usage_files
    BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;
`;
