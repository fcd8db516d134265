import type { FactStore } from '../platform/stores.ts';
import type { Database } from './database.ts';
import { readJson, textOf } from './documents.ts';

/** Small JSON facts by key. */
export const createFactStore = (database: Database): FactStore => ({
  get: (key) => {
    const row = database.one('SELECT value FROM facts WHERE key = ?', key);
    return row === undefined ? undefined : readJson(textOf(row, 'value'));
  },
  set: (key, value) => {
    database.run(
      'INSERT INTO facts (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      JSON.stringify(value),
    );
  },
  remove: (key) => {
    database.run('DELETE FROM facts WHERE key = ?', key);
  },
  list: (prefix) =>
    database
      .all('SELECT key, value FROM facts WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key', prefix)
      .map((row) => ({ key: textOf(row, 'key'), value: readJson(textOf(row, 'value')) })),
});
