import { createHash } from 'node:crypto';
import path from 'node:path';
import type { FileEntry, Files, FileStat } from '../../electron/platform/ports.ts';
import { AppError } from '../../shared/errors/app-error.ts';

/** What a test may let fail: `write` covers every change, `read` every look. */
type FakeFileAction = 'read' | 'write';

export interface FakeFiles extends Files {
  /** Adds or replaces a file, with the folders above it. */
  put(file: string, content: string | Uint8Array, modifiedMs?: number): void;
  /** A symbolic link to a file or folder. */
  link(from: string, to: string): void;
  /** Lets the given action on this path, and on all below it, throw `error` until `error` is `undefined`. */
  fail(file: string, action: FakeFileAction, error: AppError | undefined): void;
  setFreeBytes(bytes: number): void;
  /** Every file as UTF-8 text by path, sorted: one deep-equal over the whole disk. */
  texts(): Readonly<Record<string, string>>;
  bytes(file: string): Uint8Array;
  /** Paths read so far (`readText`, `openRead`), oldest first. */
  readonly reads: readonly string[];
}

interface FakeFile {
  bytes: Uint8Array;
  modifiedMs: number;
}

interface FakeFilesOptions {
  readonly freeBytes?: number;
  /** Time of change of new files; a counter from 1 unless given. */
  readonly nowMs?: () => number;
}

const MAX_LINKS = 20;
const posix = path.posix;
const isBelow = (candidate: string, folder: string): boolean =>
  candidate === folder || candidate.startsWith(folder === '/' ? '/' : `${folder}/`);

/** An in-memory disk with POSIX paths, links and faults. Content may be text or bytes. */
export const createFakeFiles = (
  initial: Readonly<Record<string, string | Uint8Array>> = {},
  options: FakeFilesOptions = {},
): FakeFiles => {
  const files = new Map<string, FakeFile>();
  const folders = new Set<string>(['/']);
  const links = new Map<string, string>();
  const faults = new Map<string, AppError>();
  const reads: string[] = [];
  let freeBytes = options.freeBytes ?? 1e12;
  let ticks = 0;
  const nowMs = options.nowMs ?? (() => (ticks += 1));

  const resolve = (file: string, depth = 0): string => {
    const clean = posix.normalize(file).replace(/(.)\/$/, '$1');
    if (depth > MAX_LINKS) throw new AppError('files.not-found', `${file} is a circle of links.`);
    for (const [from, to] of links) {
      if (isBelow(clean, from)) {
        const target = posix.resolve(posix.dirname(from), to);
        return resolve(clean === from ? target : posix.join(target, clean.slice(from.length)), depth + 1);
      }
    }
    return clean;
  };
  const guard = (file: string, action: FakeFileAction): string => {
    const real = resolve(file);
    for (const [key, error] of faults) {
      const [faultAction = '', ...rest] = key.split(' ');
      if (faultAction === action && isBelow(real, rest.join(' '))) throw error;
    }
    return real;
  };
  const addFolders = (folder: string): void => {
    folders.add(folder);
    if (folder !== '/') addFolders(posix.dirname(folder));
  };
  const store = (real: string, bytes: Uint8Array, modifiedMs = nowMs()): void => {
    addFolders(posix.dirname(real));
    files.set(real, { bytes, modifiedMs });
  };
  const get = (file: string): FakeFile => {
    const found = files.get(guard(file, 'read'));
    if (found === undefined) throw new AppError('files.not-found', `${file} does not exist.`);
    return found;
  };
  const statReal = (real: string): FileStat | undefined => {
    const file = files.get(real);
    if (file !== undefined)
      return { kind: 'file', sizeBytes: file.bytes.length, modifiedMs: file.modifiedMs };
    return folders.has(real) ? { kind: 'folder', sizeBytes: 0, modifiedMs: 0 } : undefined;
  };
  const toBytes = (content: string | Uint8Array): Uint8Array =>
    typeof content === 'string' ? Buffer.from(content) : content;
  const toText = (file: FakeFile): string => Buffer.from(file.bytes).toString();
  const writeAll = (file: string, bytes: Uint8Array): void => {
    const real = guard(file, 'write');
    const before = files.get(real)?.bytes.length ?? 0;
    const growth = bytes.length - before;
    if (growth > freeBytes) throw new AppError('storage.disk-full');
    freeBytes -= growth;
    store(real, bytes);
  };
  const removeTree = (real: string): void => {
    for (const file of [...files.keys()].filter((each) => isBelow(each, real))) files.delete(file);
    for (const folder of [...folders].filter((each) => isBelow(each, real))) folders.delete(folder);
    for (const from of [...links.keys()].filter((each) => isBelow(each, real))) links.delete(from);
  };

  for (const [file, content] of Object.entries(initial)) store(posix.normalize(file), toBytes(content));

  /** Turns thrown errors into rejections, as a real disk does. */
  const later = <T>(act: () => T): Promise<T> =>
    new Promise((done) => {
      done(act());
    });

  return {
    reads,
    put: (file, content, modifiedMs) => store(resolve(file), toBytes(content), modifiedMs),
    link: (from, to) => {
      addFolders(posix.dirname(from));
      links.set(posix.normalize(from), to);
    },
    fail: (file, action, error) => {
      if (error === undefined) faults.delete(`${action} ${file}`);
      else faults.set(`${action} ${file}`, error);
    },
    setFreeBytes: (bytes) => {
      freeBytes = bytes;
    },
    texts: () => Object.fromEntries([...files].sort().map(([file, content]) => [file, toText(content)])),
    bytes: (file) => get(file).bytes,

    stat: (file) => later(() => statReal(guard(file, 'read'))),
    list: (folder) =>
      later(() => {
        const real = guard(folder, 'read');
        const children = [...files.keys(), ...folders, ...links.keys()].filter(
          (each) => each !== '/' && posix.dirname(each) === real,
        );
        return [...new Set(children)].sort().map((each): FileEntry => {
          const kind = statReal(resolve(each))?.kind ?? 'other';
          return { name: posix.basename(each), path: posix.join(folder, posix.basename(each)), kind };
        });
      }),
    readText: (file) =>
      later(() => {
        reads.push(file);
        return toText(get(file));
      }),
    writeText: (file, text) => later(() => writeAll(file, toBytes(text))),
    appendText: (file, text) =>
      later(() => {
        const before = files.get(guard(file, 'write'));
        writeAll(file, Buffer.concat([before?.bytes ?? Buffer.alloc(0), Buffer.from(text)]));
      }),
    openRead: (file) =>
      later(() => {
        reads.push(file);
        const opened = get(file);
        return {
          sizeBytes: opened.bytes.length,
          read: (position: number, length: number) =>
            later(() => Uint8Array.from(opened.bytes.subarray(position, position + length))),
          [Symbol.asyncDispose]: () => Promise.resolve(),
        };
      }),
    openWrite: (file) =>
      later(() => {
        const real = guard(file, 'write');
        if (!files.has(real)) store(real, new Uint8Array());
        return {
          write: (bytes: Uint8Array, position: number) =>
            later(() => {
              const before = files.get(real)?.bytes ?? new Uint8Array();
              const after = new Uint8Array(Math.max(before.length, position + bytes.length));
              after.set(before);
              after.set(bytes, position);
              writeAll(file, after);
            }),
          sync: () => Promise.resolve(),
          [Symbol.asyncDispose]: () => Promise.resolve(),
        };
      }),
    makeFolder: (folder) => later(() => addFolders(guard(folder, 'write'))),
    rename: (from, to) =>
      later(() => {
        const source = guard(from, 'write');
        const target = guard(to, 'write');
        if (statReal(source) === undefined) throw new AppError('files.not-found', `${from} does not exist.`);
        const moved = [...files].filter(([file]) => isBelow(file, source));
        const movedFolders = [...folders].filter((folder) => isBelow(folder, source));
        removeTree(source);
        for (const folder of movedFolders) addFolders(target + folder.slice(source.length));
        for (const [file, content] of moved) {
          store(target + file.slice(source.length), content.bytes, content.modifiedMs);
        }
      }),
    copy: (from, to, signal) =>
      later(() => {
        if (signal?.aborted === true) throw new AppError('app.cancelled');
        writeAll(to, Uint8Array.from(get(from).bytes));
      }),
    remove: (file) => later(() => removeTree(guard(file, 'write'))),
    freeBytes: () => Promise.resolve(freeBytes),
    realPath: (file) =>
      later(() => {
        const real = guard(file, 'read');
        if (statReal(real) === undefined) throw new AppError('files.not-found', `${file} does not exist.`);
        return real;
      }),
    sha256: (file, settings) =>
      later(() => {
        if (settings?.signal?.aborted === true) throw new AppError('app.cancelled');
        const { bytes } = get(file);
        settings?.onBytes?.(bytes.length);
        return createHash('sha256').update(bytes).digest('hex');
      }),
  };
};
