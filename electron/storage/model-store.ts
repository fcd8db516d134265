import { z } from 'zod';
import type { ModelStore } from '../platform/stores.ts';
import type { Database } from './database.ts';
import { readDocument } from './documents.ts';

const storedModelSchema = z.object({
  path: z.string(),
  sizeBytes: z.number(),
  modifiedMs: z.number(),
  sha256: z.string().nullable(),
  fileId: z.string().optional(),
  source: z.string(),
  derivedFrom: z.string().nullable(),
  isPinned: z.boolean(),
  isHidden: z.boolean(),
  header: z.unknown().optional(),
});

/** What is remembered about model files, by path. */
export const createModelStore = (database: Database): ModelStore => ({
  list: () =>
    database.all('SELECT body FROM models ORDER BY path').map((row) => readDocument(storedModelSchema, row)),
  put: (model) => {
    database.run(
      'INSERT INTO models (path, body) VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET body = excluded.body',
      model.path,
      JSON.stringify(model),
    );
  },
  remove: (path) => {
    database.run('DELETE FROM models WHERE path = ?', path);
  },
});
