import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStorage } from '../../../electron/storage/index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dyno-audit-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const write = (path: string, lines: number): void => {
  using storage = openStorage(path);
  for (let line = 0; line < lines; line += 1) {
    storage.audit.append({
      atMs: line,
      actor: { type: 'host' },
      action: 'key.created',
      tenantId: line % 2 === 0 ? 'a' : 'b',
      subject: `k${line}`,
      details: { line },
    });
  }
};
const change = (path: string, sql: string): void => {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
};
const verify = (path: string) => {
  using storage = openStorage(path);
  return storage.audit.verify();
};

it('goes on where it stopped, and tells one tenant its own lines', () => {
  const path = join(folder, 'a.db');
  write(path, 2);
  write(path, 2);
  using storage = openStorage(path);
  expect(storage.audit.verify()).toEqual({ entries: 4, brokenAtSeq: null });
  expect(storage.audit.list(10).map(({ seq }) => seq)).toEqual([4, 3, 2, 1]);
  expect(storage.audit.list(10, 'a').map(({ subject }) => subject)).toEqual(['k0', 'k0']);
});

it.each([
  'UPDATE audit SET body = body',
  'DELETE FROM audit WHERE seq = 1',
  `INSERT OR REPLACE INTO audit VALUES (1, 'a', '{}')`,
])('refuses %s', (sql) => {
  const path = join(folder, 'a.db');
  write(path, 1);
  expect(() => change(path, sql)).toThrow(/only grows/u);
});

it.each<readonly [string, string, number]>([
  ['a line that was changed', `UPDATE audit SET body = replace(body, 'k1', 'kx') WHERE seq = 2`, 2],
  ['a line that was cut out', 'DELETE FROM audit WHERE seq = 2', 3],
])('shows %s past SQLite', (_name, sql, brokenAtSeq) => {
  const path = join(folder, 'a.db');
  write(path, 4);
  change(path, `DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_shortened; ${sql}`);
  expect(verify(path).brokenAtSeq).toBe(brokenAtSeq);
});
