import { projectSchema, storedKeySchema, tenantSchema, type StoredKey } from '../../shared/contract/keys.ts';
import { limitsSchema } from '../../shared/contract/limits.ts';
import type { AccessStore } from '../platform/stores.ts';
import type { Database } from './database.ts';
import { readDocument } from './documents.ts';

const bodySchema = storedKeySchema.omit({ lastUsedAtMs: true });

/** Keys and what they belong to. A use is a column of its own: it is written often, and is no change of the key. */
export const createAccessStore = (database: Database): AccessStore => {
  const rise = (): void => {
    database.run('UPDATE access_state SET revision = revision + 1');
  };
  const toKey = (row: Readonly<Record<string, unknown>>): StoredKey => {
    const usedAtMs = row['last_used_at_ms'];
    return { ...readDocument(bodySchema, row), lastUsedAtMs: typeof usedAtMs === 'number' ? usedAtMs : null };
  };
  return {
    revision: () => Number(database.one('SELECT revision FROM access_state')?.['revision'] ?? 0),
    keys: () =>
      database
        .all('SELECT body, last_used_at_ms FROM api_keys ORDER BY created_at_ms DESC, rowid DESC')
        .map(toKey),
    putKey: ({ lastUsedAtMs: _, ...key }) =>
      database.transaction(() => {
        database.run(
          `INSERT INTO api_keys (id, created_at_ms, body) VALUES (?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
          key.id,
          key.createdAtMs,
          JSON.stringify(key),
        );
        rise();
      }),
    touch: (usedAtMs) =>
      database.transaction(() => {
        for (const [id, atMs] of usedAtMs) {
          database.run('UPDATE api_keys SET last_used_at_ms = ? WHERE id = ?', atMs, id);
        }
      }),
    tenants: () =>
      database
        .all('SELECT body FROM tenants ORDER BY created_at_ms, rowid')
        .map((row) => readDocument(tenantSchema, row)),
    putTenant: (tenant) =>
      database.transaction(() => {
        database.run(
          `INSERT INTO tenants (id, created_at_ms, body) VALUES (?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
          tenant.id,
          tenant.createdAtMs,
          JSON.stringify(tenant),
        );
        rise();
      }),
    projects: () =>
      database
        .all('SELECT body FROM projects ORDER BY created_at_ms, rowid')
        .map((row) => readDocument(projectSchema, row)),
    putProject: (project) =>
      database.transaction(() => {
        database.run(
          `INSERT INTO projects (tenant_id, id, created_at_ms, body) VALUES (?, ?, ?, ?)
           ON CONFLICT (tenant_id, id) DO UPDATE SET body = excluded.body`,
          project.tenantId,
          project.id,
          project.createdAtMs,
          JSON.stringify(project),
        );
        rise();
      }),
    serverLimits: () =>
      readDocument(
        limitsSchema,
        database.one('SELECT server_limits FROM access_state') ?? {},
        'server_limits',
      ),
    putServerLimits: (limits) =>
      database.transaction(() => {
        database.run('UPDATE access_state SET server_limits = ?', JSON.stringify(limits));
        rise();
      }),
    transaction: (act) => database.transaction(act),
  };
};
