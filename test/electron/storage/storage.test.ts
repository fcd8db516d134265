import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../electron/storage/database.ts';
import { openStorage } from '../../../electron/storage/index.ts';
import { migrations } from '../../../electron/storage/migrations/list.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dyno-storage-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the event store', () => {
  it('numbers events in order and gives back those after a sequence number', () => {
    using storage = openStorage(':memory:');
    const first = storage.events.append({ type: 'bench.started', runId: 'a' }, 1);
    const second = storage.events.append({ type: 'bench.ended', runId: 'a' }, 2);

    expect(storage.events.after(first.seq, 10)).toEqual([second]);
    expect(storage.events.lastSeq()).toBe(second.seq);
  });

  it('never uses a sequence number twice, even after everything was pruned', () => {
    using storage = openStorage(':memory:');
    const old = storage.events.append({ type: 'bench.started', runId: 'a' }, 1);
    storage.events.prune(0);

    expect(storage.events.append({ type: 'bench.ended', runId: 'a' }, 2).seq).toBeGreaterThan(old.seq);
  });

  it('keeps the newest events when it prunes', () => {
    using storage = openStorage(':memory:');
    for (const runId of ['a', 'b', 'c']) storage.events.append({ type: 'bench.started', runId }, 1);
    storage.events.prune(2);

    expect(storage.events.after(0, 10).map((event) => event.body)).toEqual([
      { type: 'bench.started', runId: 'b' },
      { type: 'bench.started', runId: 'c' },
    ]);
  });
});

describe('the fact store', () => {
  it('replaces, lists by prefix and removes', () => {
    using storage = openStorage(':memory:');
    storage.facts.set('threads/a', { threads: 1 });
    storage.facts.set('threads/a', { threads: 2 });
    storage.facts.set('threads_b', 3);

    expect(storage.facts.list('threads/')).toEqual([{ key: 'threads/a', value: { threads: 2 } }]);
    storage.facts.remove('threads/a');
    expect(storage.facts.get('threads/a')).toBeUndefined();
  });
});

describe('the database', () => {
  it('gives storage.corrupt with the next step for a file that is no database', () => {
    const path = join(folder, 'dyno.db');
    writeFileSync(path, 'this is not a database, and long enough to be read as a header '.repeat(20));

    expect(() => openDatabase(path)).toThrow(expect.objectContaining({ code: 'storage.corrupt' }));
  });

  it('refuses a file written by a newer version and leaves it as it is', () => {
    const path = join(folder, 'dyno.db');
    openStorage(path)[Symbol.dispose]();
    const newer = new DatabaseSync(path);
    newer.exec('PRAGMA user_version = 9999');
    newer.close();

    expect(() => openDatabase(path)).toThrow(expect.objectContaining({ code: 'storage.corrupt' }));
  });

  it('rolls a failed transaction back as a whole', () => {
    using database = openDatabase(':memory:');
    const broken = () =>
      database.transaction(() => {
        database.run("INSERT INTO facts (key, value) VALUES ('a', '1')");
        database.run("INSERT INTO facts (key, value) VALUES ('a', '1')");
      });

    expect(broken).toThrow();
    expect(database.all('SELECT * FROM facts')).toEqual([]);
  });

  it('tells that another process holds the write lock', () => {
    const path = join(folder, 'dyno.db');
    using database = openDatabase(path);
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');

    expect(() => database.run("INSERT INTO facts (key, value) VALUES ('a', '1')")).toThrow(
      expect.objectContaining({ code: 'storage.locked' }),
    );
    other.close();
  });
});

describe('the migrations', () => {
  /** A file as an older Dyno left it: the first `version` migrations, and one fact. */
  const writeOlder = (version: number): string => {
    const path = join(folder, `version-${version}.db`);
    const older = new DatabaseSync(path);
    older.exec(`${migrations.slice(0, version).join(';')}; PRAGMA user_version = ${version}`);
    older.exec("INSERT INTO facts (key, value) VALUES ('kept', '1')");
    older.close();
    return path;
  };

  it.each(migrations.map((_sql, index) => index + 1))(
    'bring a file of version %i up to date in order, once, with what it held',
    (version) => {
      const path = writeOlder(version);
      for (const _start of ['first', 'second']) {
        using storage = openStorage(path);
        expect(storage.facts.get('kept')).toBe(1);
        expect([storage.loads.list(), storage.imports.list()]).toEqual([[], []]);
      }
      using database = openDatabase(path);
      expect(database.one('PRAGMA user_version')).toEqual({ user_version: migrations.length });
    },
  );

  it('that fails takes back all of itself and nothing of those before it', () => {
    const path = writeOlder(1);
    const blocked = new DatabaseSync(path);
    blocked.exec('CREATE TABLE load_stages (other TEXT)'); // in the way of the third one, behind its first table
    blocked.close();

    expect(() => openDatabase(path)).toThrow('load_stages already exists');

    const after = new DatabaseSync(path);
    const { user_version: version } = after.prepare('PRAGMA user_version').get() ?? {};
    const tables = after.prepare("SELECT name FROM sqlite_master WHERE name = 'load_runs'").all();
    after.close();
    expect([version, tables]).toEqual([2, []]);
  });
});
