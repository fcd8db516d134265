import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from '../ports.ts';
import { toFileError } from './file-errors.ts';
import { createLineLogger, type LogLevel } from './logger.ts';

/** One old file of this size is kept beside the new one, so that the log never fills a disk. */
const mostBytes = 8 << 20;

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

/**
 * A log in the data folder, one JSON line per entry. `level` is the least that is written (`info` for an unknown word).
 * @throws AppError `files.*` when the folder cannot be made or written
 */
export const openLogFile = (path: string, level: string | undefined): Logger => {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > mostBytes) renameSync(path, `${path}.old`);
    appendFileSync(path, '');
  } catch (error) {
    throw toFileError(error, path);
  }
  const least = levels.find((known) => known === level) ?? 'info';
  const write = (line: string): void => {
    try {
      appendFileSync(path, line);
    } catch {
      // a full disk stops the log, not what is being done; whoever writes there next says so
    }
  };
  return createLineLogger(write, least);
};
