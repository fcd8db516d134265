/**
 * `INSERT OR REPLACE` puts a row in the place of another without firing the triggers of a change: what only grows takes
 * no second row under the name of one that is there. The ledger passes over it, as it does over a row told twice.
 */
export const noReplacing = `
  CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
  CREATE TRIGGER usage_is_not_replaced BEFORE INSERT ON usage_rows
    WHEN EXISTS (SELECT 1 FROM usage_rows WHERE seq = NEW.seq OR request_id = NEW.request_id)
    BEGIN SELECT RAISE(IGNORE); END;
  CREATE TRIGGER usage_energy_is_not_replaced BEFORE INSERT ON usage_energy
    WHEN EXISTS (SELECT 1 FROM usage_energy WHERE request_id = NEW.request_id)
    BEGIN SELECT RAISE(IGNORE); END;
  CREATE TRIGGER usage_files_are_not_replaced BEFORE INSERT ON usage_files
    WHEN EXISTS (SELECT 1 FROM usage_files WHERE file_id = NEW.file_id)
    BEGIN SELECT RAISE(IGNORE); END;
`;
