import { timelinePointSchema } from '../../shared/contract/bench-tick.ts';
import {
  benchRunSchema,
  cellSchema,
  repetitionSchema,
  requestSampleSchema,
} from '../../shared/contract/bench.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { RunHead, RunStore } from '../platform/stores.ts';
import type { Database } from './database.ts';
import { readDocument, textOf } from './documents.ts';

const headSchema = benchRunSchema.omit({ cells: true });

/** Runs, their cells, and every sample as it was seen. */
export const createRunStore = (database: Database): RunStore => {
  const head = (runId: string): RunHead | undefined => {
    const row = database.one('SELECT head FROM runs WHERE id = ?', runId);
    return row === undefined ? undefined : readDocument(headSchema, row, 'head');
  };
  const cells = (runId: string) =>
    database
      .all('SELECT body FROM cells WHERE run_id = ? ORDER BY position', runId)
      .map((row) => readDocument(cellSchema, row));

  return {
    create: (run, plan) =>
      database.transaction(() => {
        database.run(
          'INSERT INTO runs (id, created_at_ms, head) VALUES (?, ?, ?)',
          run.id,
          run.createdAtMs,
          JSON.stringify(run),
        );
        for (const [position, cell] of plan.entries()) {
          database.run(
            'INSERT INTO cells (run_id, id, position, body) VALUES (?, ?, ?, ?)',
            run.id,
            cell.id,
            position,
            JSON.stringify(cell),
          );
        }
      }),
    update: (runId, patch) =>
      database.transaction(() => {
        const known = head(runId);
        if (known === undefined) throw new AppError('bench.run-not-found', `No run ${runId}`);
        database.run('UPDATE runs SET head = ? WHERE id = ?', JSON.stringify({ ...known, ...patch }), runId);
      }),
    get: (runId) => {
      const known = head(runId);
      return known === undefined ? undefined : { ...known, cells: cells(runId) };
    },
    list: () =>
      database
        .all('SELECT id, head FROM runs ORDER BY created_at_ms DESC')
        .map((row) => ({ ...readDocument(headSchema, row, 'head'), cells: cells(textOf(row, 'id')) })),
    remove: (runId) => {
      database.run('DELETE FROM runs WHERE id = ?', runId);
    },
    putCell: (runId, cell) => {
      database.run(
        'UPDATE cells SET body = ? WHERE run_id = ? AND id = ?',
        JSON.stringify(cell),
        runId,
        cell.id,
      );
    },
    addRepetition: (runId, cellId, repetition) => {
      database.run(
        `INSERT INTO repetitions (run_id, cell_id, position, body)
         VALUES (?1, ?2, (SELECT count(*) FROM repetitions WHERE run_id = ?1 AND cell_id = ?2), ?3)`,
        runId,
        cellId,
        JSON.stringify(repetition),
      );
    },
    repetitions: (runId, cellId) =>
      database
        .all('SELECT body FROM repetitions WHERE run_id = ? AND cell_id = ? ORDER BY position', runId, cellId)
        .map((row) => readDocument(repetitionSchema, row)),
    clearCell: (runId, cellId) =>
      database.transaction(() => {
        database.run('DELETE FROM repetitions WHERE run_id = ? AND cell_id = ?', runId, cellId);
        database.run('DELETE FROM request_samples WHERE run_id = ? AND cell_id = ?', runId, cellId);
      }),
    addRequestSamples: (runId, cellId, samples) =>
      database.transaction(() => {
        for (const sample of samples) {
          database.run(
            'INSERT INTO request_samples (run_id, cell_id, body) VALUES (?, ?, ?)',
            runId,
            cellId,
            JSON.stringify(sample),
          );
        }
      }),
    requestSamples: (runId, cellId) =>
      database
        .all(
          'SELECT cell_id, body FROM request_samples WHERE run_id = ?1 AND (?2 IS NULL OR cell_id = ?2) ORDER BY id',
          runId,
          cellId ?? null,
        )
        .map((row) => ({ ...readDocument(requestSampleSchema, row), cellId: textOf(row, 'cell_id') })),
    addTimeline: (runId, points) =>
      database.transaction(() => {
        for (const point of points) {
          database.run('INSERT INTO timeline (run_id, body) VALUES (?, ?)', runId, JSON.stringify(point));
        }
      }),
    timeline: (runId) =>
      database
        .all('SELECT body FROM timeline WHERE run_id = ? ORDER BY id', runId)
        .map((row) => readDocument(timelinePointSchema, row)),
  };
};
