import { AppError } from '../../shared/errors/app-error.ts';

const words = {
  'storage.locked': {
    what: 'Another process writes',
    hint: 'Close the other Dyno, or set DYNO_HOME to another folder.',
  },
  'storage.corrupt': {
    what: 'The database cannot be read',
    hint: 'Move the file away and start again; Dyno makes a new one. Keep it if you want to recover data.',
  },
  'storage.disk-full': {
    what: 'The disk is full',
    hint: 'Free some space, or set DYNO_HOME to a folder on another disk. What is finished is kept, and what was under way can be resumed.',
  },
} as const;

// SQLite primary result codes, sqlite.org/rescode.html
const codes: ReadonlyMap<number, keyof typeof words> = new Map([
  [5, 'storage.locked'],
  [6, 'storage.locked'],
  [10, 'storage.corrupt'],
  [11, 'storage.corrupt'],
  [13, 'storage.disk-full'],
  [26, 'storage.corrupt'],
]);

// SQLITE_IOERR_SHMSIZE: the log's index could not grow; sqlite.org/rescode.html calls that a volume out of space
const indexCannotGrow = 4874;

/** A failure of SQLite as one of ours, naming the database. Pure. */
export const toStorageError = (error: unknown, path: string): AppError => {
  const extended = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
  const code = extended === indexCannotGrow ? 'storage.disk-full' : codes.get(extended & 0xff);
  if (code === undefined)
    return new AppError('app.internal', `SQLite refused: ${String(error)}`, { cause: error });
  const { what, hint } = words[code];
  return new AppError(code, `${what}: ${path}`, { hint, cause: error });
};
