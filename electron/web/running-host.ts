import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { errnoOf } from '../platform/node/file-errors.ts';
import { findFolders } from '../platform/node/folders.ts';
import { createNodeHost } from '../platform/node/host.ts';
import { isProcessAlive } from '../platform/node/is-process-alive.ts';

/** A note in the data folder, readable by its owner only, that lets `dyno` commands join a host that runs already. */

const runningHostSchema = z.object({ pid: z.number().int(), port: z.number().int(), token: z.string() });
export type RunningHost = z.infer<typeof runningHostSchema>;

const noteName = 'host.json';

const notePath = (): string => join(findFolders(createNodeHost(), '').data, noteName);

/** The host of this data folder, or `undefined` when there is none or its process is gone. */
export const readRunningHost = async (path: string = notePath()): Promise<RunningHost | undefined> => {
  const text = await readFile(path, 'utf8').catch(() => undefined); // no note: no host
  if (text === undefined) return undefined;
  const note = runningHostSchema.safeParse(parseJson(text));
  return note.success && isProcessAlive(note.data.pid) ? note.data : undefined;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // half a note is none
  }
};

const write = async (path: string, host: RunningHost): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.${host.pid}.tmp`, JSON.stringify(host), { mode: 0o600 });
  await rename(`${path}.${host.pid}.tmp`, path);
};

/** Writes the note; removes it on dispose, unless a host that came later has written its own. */
export const announceHost = async (dataFolder: string, host: RunningHost): Promise<AsyncDisposable> => {
  const path = join(dataFolder, noteName);
  await write(path, host);
  return {
    [Symbol.asyncDispose]: async () => {
      const written = await readRunningHost(path);
      if (written?.token === host.token) await rm(path, { force: true });
    },
  };
};

/** Hosts of `dyno serve` have a note each, for there may be several. */
const servingFolder = (dataFolder: string): string => join(dataFolder, 'serving');

/** Writes the note of a `dyno serve`; removes it on dispose. */
export const announceServing = async (dataFolder: string, host: RunningHost): Promise<AsyncDisposable> => {
  const path = join(servingFolder(dataFolder), `${host.pid}.json`);
  await write(path, host);
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
};

/** Every `dyno serve` of this data folder whose process lives, by process id; notes of killed ones are removed. */
export const readServingHosts = async (
  dataFolder: string = dirname(notePath()),
): Promise<readonly RunningHost[]> => {
  const folder = servingFolder(dataFolder);
  const names = await readdir(folder).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return []; // none was ever started
    throw error;
  });
  const found: RunningHost[] = [];
  for (const name of names) {
    const pid = Number(/^(\d+)\.json$/u.exec(name)?.[1]);
    if (Number.isNaN(pid)) continue; // being written
    const host = await readRunningHost(join(folder, name));
    if (host !== undefined) found.push(host);
    else if (!isProcessAlive(pid)) await rm(join(folder, name), { force: true });
  }
  return found.toSorted((left, right) => left.pid - right.pid);
};
