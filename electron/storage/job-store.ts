import { jobSchema } from '../../shared/contract/common.ts';
import type { JobStore } from '../platform/stores.ts';
import type { Database } from './database.ts';
import { readDocument } from './documents.ts';

/** Jobs with their last state, so that a page or a restart finds them again. */
export const createJobStore = (database: Database): JobStore => ({
  put: (job) => {
    database.run(
      `INSERT INTO jobs (id, started_at_ms, body) VALUES (?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
      job.id,
      job.startedAtMs,
      JSON.stringify(job),
    );
  },
  get: (jobId) => {
    const row = database.one('SELECT body FROM jobs WHERE id = ?', jobId);
    return row === undefined ? undefined : readDocument(jobSchema, row);
  },
  list: (limit) =>
    database
      .all('SELECT body FROM jobs ORDER BY started_at_ms DESC LIMIT ?', limit)
      .map((row) => readDocument(jobSchema, row)),
});
