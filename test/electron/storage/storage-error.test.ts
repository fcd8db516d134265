import { expect, it } from 'vitest';
import { toStorageError } from '../../../electron/storage/storage-error.ts';

const failure = (errcode: number): Error => Object.assign(new Error('disk I/O error'), { errcode });

// extended result codes, sqlite.org/rescode.html: the primary code is the lowest byte
it.each([
  ['storage.disk-full', 13, 'SQLITE_FULL: a page could not be written'],
  [
    'storage.disk-full',
    4874,
    'SQLITE_IOERR_SHMSIZE: no room for the index of the log when the file is opened',
  ],
  ['storage.corrupt', 266, 'SQLITE_IOERR_READ'],
  ['storage.corrupt', 11, 'SQLITE_CORRUPT'],
  ['storage.locked', 261, 'SQLITE_BUSY_RECOVERY'],
  ['app.internal', 1, 'SQLITE_ERROR'],
])('is %s for %i, %s', (code, errcode) => {
  expect(toStorageError(failure(errcode), '/data/dyno.db').code).toBe(code);
});

it('of a full disk never tells to move the database away', () => {
  const { message, hint } = toStorageError(failure(4874), '/data/dyno.db');
  expect(message).toBe('The disk is full: /data/dyno.db');
  expect(hint).toMatch(/^Free some space/);
});
