import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { AppError } from '../../shared/errors/app-error.ts';
import { migrations } from './migrations/list.ts';
import { toStorageError } from './storage-error.ts';

/**
 * The one SQLite adapter; `node:sqlite` is named here and nowhere else, since it is being renamed upstream.
 * One process writes. WAL with synchronous=NORMAL: a killed process loses nothing committed; a power cut may lose the
 * last transactions, never the file's integrity (sqlite.org/wal.html).
 */
export interface Database extends Disposable {
  /** Rows of a query as plain objects. */
  all(sql: string, ...values: readonly SQLInputValue[]): readonly Readonly<Record<string, unknown>>[];
  /** First row, or `undefined`. */
  one(sql: string, ...values: readonly SQLInputValue[]): Readonly<Record<string, unknown>> | undefined;
  /** Runs one statement; returns the row id of an insert. */
  run(sql: string, ...values: readonly SQLInputValue[]): number;
  /** All or nothing. Nested calls join the outer transaction. */
  transaction<Result>(act: () => Result): Result;
}

const busyTimeoutMs = 5_000;

const pragmas = `
  PRAGMA synchronous = NORMAL;
  PRAGMA foreign_keys = ON;
  PRAGMA cache_size = -16000;
`; // 16 MB: at the default 2 MB aggregates over a run took four times as long

const wrap = (native: DatabaseSync, path: string): Database => {
  const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  const prepared = (sql: string) => {
    const known = statements.get(sql) ?? native.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  const guarded = <Result>(act: () => Result): Result => {
    try {
      return act();
    } catch (error) {
      throw error instanceof AppError ? error : toStorageError(error, path);
    }
  };
  const rollBack = (): void => {
    if (native.isTransaction) native.exec('ROLLBACK'); // a failed COMMIT may have ended it already
  };
  const transaction = <Result>(act: () => Result): Result => {
    if (native.isTransaction) return act();
    guarded(() => native.exec('BEGIN IMMEDIATE'));
    try {
      const result = act();
      guarded(() => native.exec('COMMIT'));
      return result;
    } catch (error) {
      rollBack();
      throw error;
    }
  };
  return {
    all: (sql, ...values) => guarded(() => prepared(sql).all(...values)),
    one: (sql, ...values) => guarded(() => prepared(sql).get(...values)),
    run: (sql, ...values) => guarded(() => Number(prepared(sql).run(...values).lastInsertRowid)),
    transaction,
    [Symbol.dispose]: () => {
      statements.clear();
      native.close();
    },
  };
};

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5;

/**
 * Switches to the write-ahead log. While another process does the same with a new file SQLite refuses at once, whatever
 * its busy timeout (sqlite.org/wal.html, section 8), so the waiting is done here.
 */
const useWriteAheadLog = (native: DatabaseSync): void => {
  const pauseMs = 20;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    try {
      native.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || waitedMs >= busyTimeoutMs) throw error;
      Atomics.wait(pause, 0, 0, pauseMs);
    }
  }
};

/**
 * Applies what is missing, each migration in a transaction of its own; `user_version` counts them. Two processes may
 * open a new file at once: the version counts within the transaction.
 */
const migrate = (native: DatabaseSync, database: Database, path: string): void => {
  const versionNow = (): number => Number(database.one('PRAGMA user_version')?.['user_version'] ?? 0);
  const version = versionNow();
  if (version > migrations.length) {
    throw new AppError(
      'storage.corrupt',
      `${path} was written by a newer Dyno (schema ${version}, this one knows ${migrations.length})`,
      {
        hint: 'Install the newer version, or set DYNO_HOME to another folder.',
      },
    );
  }
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue;
    database.transaction(() => {
      if (versionNow() === index) native.exec(`${sql}; PRAGMA user_version = ${index + 1}`);
    });
  }
};

/**
 * Opens (or makes) the database file and brings its schema up to date. `:memory:` for tests.
 * @throws AppError `storage.locked`, `storage.corrupt`, `storage.disk-full`
 */
export const openDatabase = (path: string): Database => {
  try {
    const native = new DatabaseSync(path);
    try {
      native.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
      useWriteAheadLog(native);
      native.exec(pragmas);
      const database = wrap(native, path);
      migrate(native, database, path);
      return database;
    } catch (error) {
      native.close();
      throw error;
    }
  } catch (error) {
    throw error instanceof AppError ? error : toStorageError(error, path);
  }
};
