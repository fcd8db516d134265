import { eventBodySchema, type AppEvent } from '../../shared/events/events.ts';
import type { EventStore } from '../platform/stores.ts';
import type { Database } from './database.ts';
import { readDocument } from './documents.ts';

const toEvent = (row: Readonly<Record<string, unknown>>): AppEvent => ({
  seq: Number(row['seq']),
  atMs: Number(row['at_ms']),
  body: readDocument(eventBodySchema, row),
});

/** The event log. AUTOINCREMENT keeps `seq` from being used twice even after pruning. */
export const createEventStore = (database: Database): EventStore => ({
  append: (body, atMs) => {
    const seq = database.run('INSERT INTO events (at_ms, body) VALUES (?, ?)', atMs, JSON.stringify(body));
    return { seq, atMs, body };
  },
  after: (afterSeq, limit) =>
    database
      .all('SELECT seq, at_ms, body FROM events WHERE seq > ? ORDER BY seq LIMIT ?', afterSeq, limit)
      .map(toEvent),
  lastSeq: () => Number(database.one("SELECT seq FROM sqlite_sequence WHERE name = 'events'")?.['seq'] ?? 0),
  prune: (keep) => {
    database.run('DELETE FROM events WHERE seq <= (SELECT max(seq) FROM events) - ?', keep);
  },
});
