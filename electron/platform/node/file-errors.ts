import { AppError } from '../../../shared/errors/app-error.ts';
import type { ErrorCode } from '../../../shared/errors/table.ts';

const codes: Readonly<Record<string, { readonly code: ErrorCode; readonly hint: string }>> = {
  ENOENT: { code: 'files.not-found', hint: 'Check the path.' },
  ENOTDIR: { code: 'files.not-found', hint: 'A part of the path is a file, not a folder.' },
  EISDIR: { code: 'app.bad-input', hint: 'Name a file, not a folder.' },
  EACCES: { code: 'files.not-allowed', hint: 'Change the permissions, or choose another folder.' },
  EPERM: { code: 'files.not-allowed', hint: 'Change the permissions, or choose another folder.' },
  EEXIST: { code: 'app.bad-input', hint: 'A file lies where a folder is needed: move it away.' },
  ENOTEMPTY: { code: 'app.bad-input', hint: 'The folder is not empty: choose another one.' },
  ENAMETOOLONG: { code: 'app.bad-input', hint: 'The name is too long: choose a shorter one.' },
  EROFS: { code: 'files.not-allowed', hint: 'The file system is read-only: choose another folder.' },
  ENOSPC: {
    code: 'storage.disk-full',
    hint: 'Free some space, or choose a place on another disk; DYNO_HOME moves the data folder.',
  },
  EDQUOT: { code: 'storage.disk-full', hint: 'Your disk quota is used up: free some space.' },
};

/** The `errno` code of a Node error, if it is one. */
export const errnoOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** A Node file error as one of ours, naming the path. */
export const toFileError = (error: unknown, path: string): AppError => {
  if (error instanceof AppError) return error;
  const row = codes[errnoOf(error) ?? ''];
  if (row !== undefined)
    return new AppError(row.code, `${row.hint === '' ? '' : describe(row.code)}: ${path}`, {
      hint: row.hint,
      cause: error,
    });
  if (error instanceof Error && error.name === 'AbortError')
    return new AppError('app.cancelled', undefined, { cause: error });
  return new AppError('app.internal', `The disk refused: ${path}`, { cause: error });
};

const describe = (code: ErrorCode): string => {
  switch (code) {
    case 'files.not-found':
      return 'No such file';
    case 'files.not-allowed':
      return 'Access denied';
    case 'storage.disk-full':
      return 'The disk is full';
    default:
      return 'Not usable as a path';
  }
};
