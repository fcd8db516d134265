import { importedRunSchema } from '../../shared/contract/imports.ts';
import type { ImportStore } from '../platform/stores.ts';
import type { Database } from './database.ts';
import { readDocument } from './documents.ts';

/** Runs of other tools, as they were converted. The files themselves are not kept. */
export const createImportStore = (database: Database): ImportStore => ({
  put: (run) => {
    database.run(
      'INSERT OR REPLACE INTO imported_runs (id, imported_at_ms, body) VALUES (?, ?, ?)',
      run.id,
      run.importedAtMs,
      JSON.stringify(run),
    );
  },
  get: (runId) => {
    const row = database.one('SELECT body FROM imported_runs WHERE id = ?', runId);
    return row === undefined ? undefined : readDocument(importedRunSchema, row);
  },
  list: () =>
    database
      .all('SELECT body FROM imported_runs ORDER BY imported_at_ms DESC')
      .map((row) => readDocument(importedRunSchema, row)),
  remove: (runId) => {
    database.run('DELETE FROM imported_runs WHERE id = ?', runId);
  },
});
