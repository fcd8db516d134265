import { createHash } from 'node:crypto';
import { auditEntrySchema, type AuditEntry } from '../../shared/contract/audit.ts';
import type { AuditStore } from '../platform/stores.ts';
import type { Database } from './database.ts';
import { readDocument } from './documents.ts';

/** The hash before the first line. */
const START = '0'.repeat(64);

/** SHA-256 over the hash before and the line, its fields in the order they are stored in. */
const chain = (previous: string, { hash: _, ...line }: AuditEntry): string =>
  createHash('sha256').update(previous).update(JSON.stringify(line)).digest('hex');

/**
 * The audit log as a hash chain. Triggers refuse a change from here; one made past SQLite shows in the chain, unless all
 * lines after it were written anew as well: keep the newest hash elsewhere to see that too.
 */
export const createAuditStore = (database: Database): AuditStore => {
  const read = (row: Readonly<Record<string, unknown>>): AuditEntry => readDocument(auditEntrySchema, row);
  return {
    append: (given) =>
      database.transaction(() => {
        const row = database.one('SELECT body FROM audit ORDER BY seq DESC LIMIT 1');
        const last = row === undefined ? undefined : read(row);
        const seq = (last?.seq ?? 0) + 1;
        // parsed, so that the stored order of fields is the schema's, and so the same when it is read
        const line = auditEntrySchema.parse({ ...given, seq, hash: START });
        const entry = { ...line, hash: chain(last?.hash ?? START, line) };
        database.run(
          'INSERT INTO audit (seq, tenant_id, body) VALUES (?, ?, ?)',
          seq,
          entry.tenantId,
          JSON.stringify(entry),
        );
        return entry;
      }),
    list: (limit, tenantId) =>
      database
        .all(
          'SELECT body FROM audit WHERE ?1 IS NULL OR tenant_id = ?1 ORDER BY seq DESC LIMIT ?2',
          tenantId ?? null,
          limit,
        )
        .map(read),
    verify: () => {
      const entries = database.all('SELECT body FROM audit ORDER BY seq').map(read);
      let previous = START;
      for (const [index, entry] of entries.entries()) {
        if (entry.seq !== index + 1 || entry.hash !== chain(previous, entry)) {
          return { entries: entries.length, brokenAtSeq: entry.seq };
        }
        previous = entry.hash;
      }
      return { entries: entries.length, brokenAtSeq: null };
    },
  };
};
