import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import {
  access,
  appendFile,
  copyFile,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  statfs,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { FileEntry, FileReader, Files, FileStat, FileWriter } from '../ports.ts';
import { errnoOf, toFileError } from './file-errors.ts';
import { writeAtomically } from './write-atomically.ts';

const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error) ?? '');

/** Runs `act`; whatever it throws leaves as an `AppError` that names `path`. */
const guarded = async <Result>(path: string, act: () => Promise<Result>): Promise<Result> => {
  try {
    return await act();
  } catch (error) {
    throw toFileError(error, path);
  }
};

const statOf = async (path: string): Promise<FileStat | undefined> => {
  try {
    const found = await stat(path);
    const kind = found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
    return { kind, sizeBytes: found.size, modifiedMs: found.mtimeMs };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw toFileError(error, path);
  }
};

const listFolder = async (folder: string): Promise<readonly FileEntry[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw toFileError(error, folder);
  });
  const kinds = entries.map(async (entry): Promise<FileEntry> => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return { name: entry.name, path, kind: 'file' };
    if (entry.isDirectory()) return { name: entry.name, path, kind: 'folder' };
    const target = entry.isSymbolicLink() ? await statOf(path) : undefined;
    return { name: entry.name, path, kind: target?.kind ?? 'other' };
  });
  return Promise.all(kinds);
};

const openReader = async (path: string): Promise<FileReader> => {
  const handle = await open(path, 'r');
  const { size } = await handle.stat();
  return {
    sizeBytes: size,
    read: (position, length) =>
      guarded(path, async () => {
        const buffer = new Uint8Array(length);
        let filled = 0;
        while (filled < length) {
          const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return filled === length ? buffer : buffer.subarray(0, filled);
      }),
    [Symbol.asyncDispose]: () => handle.close(),
  };
};

const openWriter = async (path: string): Promise<FileWriter> => {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT);
  return {
    write: (bytes, position) =>
      guarded(path, async () => {
        let written = 0;
        while (written < bytes.length) {
          const part = await handle.write(bytes, written, bytes.length - written, position + written);
          written += part.bytesWritten;
        }
      }),
    sync: () => guarded(path, () => handle.sync()),
    [Symbol.asyncDispose]: () => handle.close(),
  };
};

const freeBytesAt = async (path: string): Promise<number> => {
  for (let place = path; ; place = dirname(place)) {
    if ((await statOf(place)) !== undefined) {
      const { bavail, bsize } = await statfs(place);
      return bavail * bsize;
    }
    if (dirname(place) === place) throw new AppError('files.not-found', `No such disk: ${path}`);
  }
};

const hashFile: Files['sha256'] = async (path, options = {}) => {
  const hash = createHash('sha256');
  let done = 0;
  const stream = createReadStream(path, {
    highWaterMark: 1 << 20,
    ...(options.signal && { signal: options.signal }),
  });
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue; // a stream without encoding yields buffers only
    hash.update(chunk);
    done += chunk.length;
    options.onBytes?.(done);
  }
  return hash.digest('hex');
};

/** Copies in 4 MiB pieces so that an abort takes effect within one piece; a reflink where the file system has it. */
const copyBySteps = async (from: string, to: string, signal?: AbortSignal): Promise<void> => {
  await mkdir(dirname(to), { recursive: true });
  if (signal === undefined) {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    return;
  }
  await using source = await openReader(from);
  await using target = await openWriter(to);
  const step = 4 << 20;
  for (let position = 0; position < source.sizeBytes; position += step) {
    if (signal.aborted) throw new AppError('app.cancelled');
    await target.write(await source.read(position, step), position);
  }
  await target.sync();
};

/** The disk through Node, every failure an `AppError` that names the path. */
export const createNodeFiles = (): Files => ({
  stat: statOf,
  list: listFolder,
  readText: (path) => guarded(path, () => readFile(path, 'utf8')),
  writeText: (path, text, options) =>
    guarded(path, () => writeAtomically(path, text, options?.mode ?? 0o644)),
  appendText: (path, text) =>
    guarded(path, async () => {
      await mkdir(dirname(path), { recursive: true });
      await appendFile(path, text);
    }),
  openRead: (path) => guarded(path, () => openReader(path)),
  openWrite: (path) => guarded(path, () => openWriter(path)),
  makeFolder: (path) =>
    guarded(path, async () => {
      await mkdir(path, { recursive: true });
      await access(path, constants.W_OK);
    }),
  rename: (from, to) => guarded(from, () => rename(from, to)),
  copy: (from, to, signal) => guarded(from, () => copyBySteps(from, to, signal)),
  remove: (path) => guarded(path, () => rm(path, { recursive: true, force: true })),
  freeBytes: (path) => guarded(path, () => freeBytesAt(path)),
  realPath: (path) => guarded(path, () => realpath(path)),
  sha256: (path, options) => guarded(path, () => hashFile(path, options)),
});
