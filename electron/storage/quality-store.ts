import { z } from 'zod';
import { qualityResultSchema } from '../../shared/contract/quality.ts';
import type { QualityStore } from '../platform/stores.ts';
import type { Database } from './database.ts';
import { readDocument, readJson } from './documents.ts';

const positionSchema = z.object({ position: z.number().int(), body: z.string() });

/** Quality results, and the pieces of unfinished ones: windows of a text, answers to tasks. */
export const createQualityStore = (database: Database): QualityStore => ({
  pieces: (key) =>
    database
      .all('SELECT position, body FROM quality_pieces WHERE key = ? ORDER BY position', key)
      .map((row) => positionSchema.parse(row))
      .map(({ position, body }) => ({ position, value: readJson(body) })),
  addPiece: (key, position, value) => {
    database.run(
      `INSERT INTO quality_pieces (key, position, body) VALUES (?, ?, ?)
       ON CONFLICT (key, position) DO UPDATE SET body = excluded.body`,
      key,
      position,
      JSON.stringify(value),
    );
  },
  removePieces: (key) => {
    database.run('DELETE FROM quality_pieces WHERE key = ?', key);
  },
  put: (result) => {
    database.run(
      `INSERT INTO quality_results (id, measured_at_ms, base_sha256, candidate_sha256, body) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET measured_at_ms = excluded.measured_at_ms, body = excluded.body`,
      result.id,
      result.measuredAtMs,
      result.base.sha256,
      result.candidate.sha256,
      JSON.stringify(result),
    );
  },
  get: (id) => {
    const row = database.one('SELECT body FROM quality_results WHERE id = ?', id);
    return row === undefined ? undefined : readDocument(qualityResultSchema, row);
  },
  list: () =>
    database
      .all('SELECT body FROM quality_results ORDER BY measured_at_ms DESC')
      .map((row) => readDocument(qualityResultSchema, row)),
  ofPair: (baseSha256, candidateSha256) =>
    database
      .all(
        `SELECT body FROM quality_results WHERE base_sha256 = ? AND candidate_sha256 = ?
         ORDER BY measured_at_ms DESC`,
        baseSha256,
        candidateSha256,
      )
      .map((row) => readDocument(qualityResultSchema, row)),
  remove: (id) => {
    database.run('DELETE FROM quality_results WHERE id = ?', id);
  },
});
