import {
  loadRunSchema,
  loadSampleSchema,
  loadStageSchema,
  loadTickSchema,
} from '../../shared/contract/load.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { LoadHead, LoadStore } from '../platform/stores.ts';
import type { Database } from './database.ts';
import { readDocument, textOf } from './documents.ts';

const headSchema = loadRunSchema.omit({ stages: true });

/** Load runs, their stages, and every request as it was seen. */
export const createLoadStore = (database: Database): LoadStore => {
  const head = (loadId: string): LoadHead | undefined => {
    const row = database.one('SELECT head FROM load_runs WHERE id = ?', loadId);
    return row === undefined ? undefined : readDocument(headSchema, row, 'head');
  };
  const stages = (loadId: string) =>
    database
      .all('SELECT body FROM load_stages WHERE load_id = ? ORDER BY position', loadId)
      .map((row) => readDocument(loadStageSchema, row));

  return {
    create: (run) => {
      database.run(
        'INSERT INTO load_runs (id, created_at_ms, head) VALUES (?, ?, ?)',
        run.id,
        run.createdAtMs,
        JSON.stringify(run),
      );
    },
    update: (loadId, patch) =>
      database.transaction(() => {
        const known = head(loadId);
        if (known === undefined) throw new AppError('bench.run-not-found', `No load run ${loadId}`);
        database.run(
          'UPDATE load_runs SET head = ? WHERE id = ?',
          JSON.stringify({ ...known, ...patch }),
          loadId,
        );
      }),
    get: (loadId) => {
      const known = head(loadId);
      return known === undefined ? undefined : { ...known, stages: stages(loadId) };
    },
    list: () =>
      database
        .all('SELECT id, head FROM load_runs ORDER BY created_at_ms DESC')
        .map((row) => ({ ...readDocument(headSchema, row, 'head'), stages: stages(textOf(row, 'id')) })),
    remove: (loadId) => {
      database.run('DELETE FROM load_runs WHERE id = ?', loadId);
    },
    putStage: (loadId, stage) => {
      database.run(
        `INSERT INTO load_stages (load_id, position, body) VALUES (?, ?, ?)
         ON CONFLICT (load_id, position) DO UPDATE SET body = excluded.body`,
        loadId,
        stage.index,
        JSON.stringify(stage),
      );
    },
    clearStage: (loadId, stage) =>
      database.transaction(() => {
        for (const table of ['load_samples', 'load_ticks']) {
          database.run(`DELETE FROM ${table} WHERE load_id = ? AND stage = ?`, loadId, stage);
        }
        database.run('DELETE FROM load_stages WHERE load_id = ? AND position = ?', loadId, stage);
      }),
    addSamples: (loadId, stage, samples) =>
      database.transaction(() => {
        for (const sample of samples) {
          database.run(
            'INSERT INTO load_samples (load_id, stage, body) VALUES (?, ?, ?)',
            loadId,
            stage,
            JSON.stringify(sample),
          );
        }
      }),
    samples: (loadId, stage) =>
      database
        .all(
          'SELECT stage, body FROM load_samples WHERE load_id = ?1 AND (?2 IS NULL OR stage = ?2) ORDER BY id',
          loadId,
          stage ?? null,
        )
        .map((row) => ({ ...readDocument(loadSampleSchema, row), stage: Number(row['stage']) })),
    addTick: (loadId, tick) => {
      database.run(
        'INSERT INTO load_ticks (load_id, stage, body) VALUES (?, ?, ?)',
        loadId,
        tick.stage,
        JSON.stringify(tick),
      );
    },
    ticks: (loadId) =>
      database
        .all('SELECT body FROM load_ticks WHERE load_id = ? ORDER BY id', loadId)
        .map((row) => readDocument(loadTickSchema, row)),
  };
};
