import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { openLedger } from '../../../electron/app/access/ledger.ts';
import { hostActor } from '../../../electron/app/access/actor.ts';
import { usageCsv } from '../../../shared/units/usage-csv.ts';
import { openStorage } from '../../../electron/storage/index.ts';
import { usageRowSchema, type UsageRow } from '../../../shared/contract/usage.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeLog } from '../../support/fake-log.ts';
import { makeHome } from '../../support/open-app.ts';
import { createPrincipal } from '../../support/principal.ts';
import { usageRow as row } from '../../support/usage-row.ts';

const span = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };

it('counts a request once, however often its row comes', () => {
  using storage = openStorage(':memory:');
  storage.usage.add([row('r1'), row('r1')]);
  storage.usage.add([row('r1'), row('r2', { errorCode: 'gateway.rate-limited' })]);
  expect(storage.usage.rows({ ...span, limit: 10 }).map(({ requestId }) => requestId)).toEqual(['r1', 'r2']);
  expect(storage.usage.sum({ ...span, by: 'key' })).toEqual([
    {
      group: 'k',
      requests: 2,
      errors: 1,
      promptTokens: 20,
      cachedTokens: 8,
      outputTokens: 10,
      tiers: { none: 0, prefix: 2, exact: 0 },
      energy: { joules: 0, requests: 0 },
      costs: [],
    },
  ]);
});

it('counts requests by cache tier, and those of before it was kept in none', () => {
  using storage = openStorage(':memory:');
  const { cacheTier: _none, ...old } = row('old');
  storage.usage.add([
    row('r1', { cacheTier: 'none' }),
    row('r2', { cacheTier: 'exact' }),
    row('r3', { cacheTier: 'exact' }),
    usageRowSchema.parse(old),
  ]);
  expect(storage.usage.rows({ ...span, limit: 10 }).map(({ cacheTier }) => cacheTier)).toEqual([
    'none',
    'exact',
    'exact',
    null,
  ]);
  expect(storage.usage.sum({ ...span, by: 'key' })).toMatchObject([
    { requests: 4, tiers: { none: 1, prefix: 0, exact: 2 } },
  ]);
});

it('tells the hash of the file that answered, whether it was known before the row or long after', () => {
  using storage = openStorage(':memory:');
  storage.usage.addFile({ fileId: 'one', sha256: 'aa' });
  storage.usage.add([
    { ...row('early'), modelFile: 'one' },
    { ...row('late'), modelFile: 'two' },
    { ...row('unknown'), modelFile: 'three' },
    { ...row('nameless'), modelFile: null },
    row('old', { modelSha256: 'dd' }),
  ]);
  const told = () => storage.usage.rows({ ...span, limit: 10 }).map(({ modelSha256 }) => modelSha256);
  expect(told()).toEqual(['aa', null, null, null, 'dd']);
  storage.usage.addFile({ fileId: 'two', sha256: 'bb' });
  expect(told()).toEqual(['aa', 'bb', null, null, 'dd']);
});

it('keeps the first hash of a content, and refuses to have it changed or taken away', async () => {
  await using home = await makeHome();
  const path = join(home.path, 'dyno.db');
  using storage = openStorage(path);
  storage.usage.addFile({ fileId: 'one', sha256: 'aa' });
  storage.usage.addFile({ fileId: 'one', sha256: 'bb' });
  expect([storage.usage.fileSha256('one'), storage.usage.fileSha256('two')]).toEqual(['aa', undefined]);
  using database = new DatabaseSync(path);
  for (const change of ["UPDATE usage_files SET sha256 = 'bb'", 'DELETE FROM usage_files'])
    expect(() => database.exec(change)).toThrow('the ledger only grows');
});

it('lets no row be put in the place of another', async () => {
  await using home = await makeHome();
  const path = join(home.path, 'dyno.db');
  using storage = openStorage(path);
  storage.usage.add([row('r1')]);
  storage.usage.addFile({ fileId: 'one', sha256: 'aa' });
  storage.usage.addEnergy([{ entry: row('r1'), energy: { joules: 5, devices: [], reason: null } }], []);
  const rows = storage.usage.rows({ ...span, limit: 10 });
  using database = new DatabaseSync(path);
  database.exec(`
    INSERT OR REPLACE INTO usage_rows (seq, request_id, at_ms, tenant_id, body) VALUES (1, 'r2', 0, 't', '{}');
    INSERT OR REPLACE INTO usage_rows (request_id, at_ms, tenant_id, body) VALUES ('r1', 0, 't', '{}');
    INSERT OR REPLACE INTO usage_energy VALUES ('r1', '{}');
    INSERT OR REPLACE INTO usage_files VALUES ('one', 'bb');`);
  expect(storage.usage.rows({ ...span, limit: 10 })).toEqual(rows);
  expect(storage.usage.fileSha256('one')).toBe('aa');
});

it('sums by hour, day and month in UTC, and within a span', () => {
  using storage = openStorage(':memory:');
  const next = Date.UTC(2026, 11, 1, 0, 0);
  storage.usage.add([row('r1'), row('r2', { atMs: next })]);
  const groups = (by: 'hour' | 'day' | 'month') =>
    storage.usage.sum({ ...span, by }).map(({ group }) => group);
  expect([groups('hour'), groups('day'), groups('month')]).toEqual([
    ['2026-11-25T13:00Z', '2026-12-01T00:00Z'],
    ['2026-11-25', '2026-12-01'],
    ['2026-11', '2026-12'],
  ]);
  expect(storage.usage.sum({ ...span, toMs: next, by: 'month' })).toHaveLength(1);
  expect(storage.usage.sum({ ...span, fromMs: next, by: 'month' })).toHaveLength(1);
});

it('has the same totals in its sums as in its rows, whatever they are of', () => {
  using storage = openStorage(':memory:');
  const rows = Array.from({ length: 50 }, (_, at) =>
    row(`r${at}`, { keyId: `k${at % 3}`, tenantId: `t${at % 2}`, outputTokens: at, atMs: at * 1_000_000 }),
  );
  storage.usage.add(rows);
  for (const by of ['key', 'tenant', 'project', 'model', 'hour', 'day', 'month'] as const) {
    const sums = storage.usage.sum({ ...span, by });
    expect(sums.reduce((sum, { outputTokens }) => sum + outputTokens, 0)).toBe(1225);
  }
});

it('writes ten times a second, at a question and at its end, and tells a tenant its own', async () => {
  using storage = openStorage(':memory:');
  const clock = createFakeClock();
  const ledger = openLedger({ store: storage.usage, sheets: () => [], clock, log: createFakeLog() });
  const stored = () => storage.usage.rows({ ...span, limit: 10 }).length;
  ledger.add(row('r1'));
  const before = stored();
  await clock.advance(100);
  expect([before, stored()]).toEqual([0, 1]);
  ledger.add(row('r2', { tenantId: 'b' }));
  const ofB = { type: 'key', principal: createPrincipal({ role: 'viewer', tenantId: 'b' }) } as const;
  expect(ledger.rows(ofB, { ...span, limit: 10 }).map(({ requestId }) => requestId)).toEqual(['r2']);
  expect(ledger.sum(hostActor, { ...span, by: 'tenant' }).map(({ group }) => group)).toEqual(['a', 'b']);
  ledger.add(row('r3'));
  ledger[Symbol.dispose]();
  expect(stored()).toBe(3);
});

it('keeps rows for later while the disk refuses, and tells of it', async () => {
  using storage = openStorage(':memory:');
  const clock = createFakeClock();
  const log = createFakeLog();
  let isFull = true;
  const store = {
    ...storage.usage,
    add: (rows: readonly UsageRow[]) => {
      if (isFull) throw new RangeError('full');
      storage.usage.add(rows);
    },
  };
  using ledger = openLedger({ store, sheets: () => [], clock, log });
  ledger.add(row('r1'));
  await clock.advance(100);
  isFull = false;
  await clock.advance(100);
  expect(storage.usage.rows({ ...span, limit: 10 })).toHaveLength(1);
});

it('writes CSV that no spreadsheet runs and every parser reads', () => {
  const [head = '', line = ''] = usageCsv([row('r1', { keyName: '=1+1,"x"' })]).split('\r\n');
  expect(head.split(',').slice(0, 5)).toEqual(['requestId', 'atMs', 'route', 'keyId', 'keyName']);
  expect(line).toContain(`,"'=1+1,""x""",a,`);
});

it('has the days of a month that add up with the rows, by tenant and by key', () => {
  using storage = openStorage(':memory:');
  const clock = createFakeClock();
  const ledger = openLedger({ store: storage.usage, sheets: () => [], clock, log: createFakeLog() });
  for (let at = 0; at < 40; at += 1) {
    ledger.add(row(`r${at}`, { keyId: `k${at % 3}`, tenantId: `t${at % 2}`, outputTokens: at }));
  }
  ledger.add(row('later', { tenantId: 't0', atMs: Date.UTC(2026, 11, 1) }));
  const month = { fromMs: Date.UTC(2026, 10, 1), toMs: Date.UTC(2026, 11, 1) };
  const output = (of: { readonly tenantId: string; readonly keyId?: string }) =>
    ledger.days({ ...month, ...of }).reduce((sum, { outputTokens }) => sum + outputTokens, 0);
  const rows = ledger.rows(hostActor, { ...month, limit: 100 });
  const ofRows = (fits: (each: UsageRow) => boolean) =>
    rows.filter(fits).reduce((sum, { outputTokens }) => sum + outputTokens, 0);
  expect(output({ tenantId: 't0' })).toBe(ofRows(({ tenantId }) => tenantId === 't0'));
  expect(output({ tenantId: 't0', keyId: 'k1' })).toBe(
    ofRows(({ tenantId, keyId }) => tenantId === 't0' && keyId === 'k1'),
  );
  ledger[Symbol.dispose]();
});
