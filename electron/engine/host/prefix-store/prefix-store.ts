import { join } from 'node:path';
import { toAppError } from '../../../../shared/errors/app-error.ts';
import type { Files, Random } from '../../../platform/ports.ts';
import type { BatchEngine } from '../batch-engine.ts';
import { commonPrefix } from '../prefix-cache.ts';
import { contextKey, createEntry, readEntry, type Entry, type StateContext } from './entry.ts';
import { entryPath, makeRoom, statePath, temporaryPath } from './folder.ts';
import { isWorthSaving, leastGainOf } from './policy.ts';

export interface PrefixStorePorts {
  readonly files: Pick<
    Files,
    'stat' | 'list' | 'readText' | 'writeText' | 'rename' | 'remove' | 'freeBytes' | 'sha256'
  >;
  readonly random: Pick<Random, 'id'>;
  readonly engine: Pick<BatchEngine, 'contextSize' | 'saveState' | 'loadState'>;
  /** All engines of the machine share it. */
  readonly root: string;
  readonly limitBytes: number;
  readonly context: StateContext;
  /** An upper bound until the first save has shown it. */
  readonly bytesPerToken: number;
  /** What went wrong with a file and cost no request anything. */
  readonly onProblem: (problem: string) => void;
}

/** A state on disk that shares a prefix with a prompt. */
export interface StoredPrefix {
  readonly id: string;
  /** Of the prompt. */
  readonly commonTokens: number;
  /** It has to spare a prompt so many to be worth reading. */
  readonly leastGain: number;
}

export interface SaveMoment {
  /** Key of the adapters that computed the sequence. */
  readonly adapters: string;
  /** Tokens of the sequence that stay in memory whatever is saved. */
  readonly keptTokens: number;
  readonly msPerPrefillToken: number | null;
  readonly isBusy: boolean;
}

/** Sequences' KV states on disk. Every call that touches the engine is for its owner, between two steps. */
export interface PrefixStore {
  /** Of the states that adapters of this key computed, the one that shares most with `prompt`. Reads no disk. */
  find(prompt: ArrayLike<number>, adapters: string): StoredPrefix | undefined;
  /** Writes the sequence's state if it is worth it. Never throws: a cache that fails costs a prefill, no request. */
  save(sequence: number, tokens: readonly number[], moment: SaveMoment): Promise<void>;
  /** Puts a state into an empty sequence; the tokens it then holds, none when the file was refused. */
  load(sequence: number, id: string): Promise<readonly number[]>;
  /** Removes what this engine could read. */
  clear(): Promise<void>;
}

/** Of the description, per token: a number and a comma. */
const describedBytes = 8;
/** Only the user's own account reads them: a state holds a conversation. */
const mode = 0o600;

/**
 * Opens the states of `context` under `root`, and removes the files there that are none. A native load of a truncated
 * state aborts the process, so a state's length and SHA-256 are checked before every load, not at the start.
 */
export const openPrefixStore = async (ports: PrefixStorePorts): Promise<PrefixStore> => {
  const { files, engine, root, onProblem, random, limitBytes } = ports;
  const context = contextKey(ports.context);
  const folder = join(root, context);
  const entries = new Map<string, Entry>();
  let bytesPerToken = ports.bytesPerToken;
  /** A flush takes its time: the request goes on, the next one that touches the files waits for it. */
  let marking = Promise.resolve();

  const remove = async (id: string): Promise<void> => {
    entries.delete(id);
    // the description first: without it nobody takes the state for one
    for (const path of [entryPath(folder, id), statePath(folder, id), temporaryPath(folder, id)])
      await files.remove(path);
  };
  const refuse = async (id: string, problem: string): Promise<void> => {
    onProblem(`Removed the saved prefix ${id}: ${problem}.`);
    await remove(id);
  };
  /** What a broken disk throws is told and costs a prefill. */
  const guarded = async <T>(act: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      onProblem(`The prefix cache on disk failed: ${toAppError(error).message}`);
      return otherwise;
    }
  };

  const readFolder = async (): Promise<void> => {
    await makeRoom(files, root, { newBytes: 0, limitBytes });
    for (const { name, path } of await files.list(folder)) {
      if (!name.endsWith('.json')) continue;
      const id = name.slice(0, -'.json'.length);
      const read = readEntry(await files.readText(path), context);
      if ('problem' in read) await refuse(id, read.problem);
      else entries.set(id, read.entry);
    }
  };
  await guarded(readFolder, undefined);

  const longest = (
    tokens: ArrayLike<number>,
    adapters: string,
  ): { readonly id: string; readonly common: number } | undefined =>
    [...entries]
      .filter(([, entry]) => entry.adapters === adapters)
      .map(([id, entry]) => ({ id, common: commonPrefix(entry.tokens, tokens) }))
      .reduce<{ id: string; common: number } | undefined>(
        (best, each) => (each.common > (best?.common ?? 0) ? each : best),
        undefined,
      );

  const describe = (id: string, entry: Entry): Promise<void> =>
    files.writeText(entryPath(folder, id), JSON.stringify(entry), { mode });

  /** Writes beside the target; the description comes last and makes the state one. */
  const write = async (
    sequence: number,
    tokens: readonly number[],
    { adapters, msPerPrefillToken }: { readonly adapters: string; readonly msPerPrefillToken: number },
  ): Promise<void> => {
    const id = random.id('prefix');
    const temporary = temporaryPath(folder, id);
    try {
      await files.writeText(temporary, '', { mode }); // llama.cpp truncates it and keeps the mode
      if (!(await engine.saveState(sequence, temporary, tokens))) {
        await files.remove(temporary);
        return;
      }
      const stateBytes = (await files.stat(temporary))?.sizeBytes ?? 0;
      const stateSha256 = await files.sha256(temporary);
      const parts = { context, tokens: [...tokens], adapters, stateBytes, stateSha256, msPerPrefillToken };
      const entry = createEntry(parts);
      await files.rename(temporary, statePath(folder, id));
      await describe(id, entry);
      entries.set(id, entry);
      bytesPerToken = stateBytes / tokens.length;
    } catch (error) {
      await remove(id);
      throw error;
    }
  };

  /** `undefined`: not now. A state that llama.cpp refuses is of no use to anybody. */
  const read = async (sequence: number, id: string): Promise<readonly number[] | undefined> => {
    try {
      return await engine.loadState(sequence, statePath(folder, id));
    } catch (error) {
      await refuse(id, toAppError(error).message);
      return undefined;
    }
  };

  return {
    find: (prompt, adapters) => {
      const best = longest(prompt, adapters);
      const entry = best && entries.get(best.id);
      if (best === undefined || entry === undefined) return undefined;
      const leastGain = leastGainOf(entry.stateBytes, entry.msPerPrefillToken);
      return { id: best.id, commonTokens: best.common, leastGain };
    },
    save: (sequence, tokens, { adapters, keptTokens, msPerPrefillToken, isBusy }) =>
      guarded(async () => {
        await marking;
        const stored = longest(tokens, adapters)?.common ?? 0;
        const question = { tokens: tokens.length, bytesPerToken, msPerPrefillToken, isBusy };
        const isWorth = isWorthSaving({ ...question, keptTokens: Math.max(stored, keptTokens) });
        if (!isWorth || msPerPrefillToken === null) return;
        const newBytes = Math.round(tokens.length * (bytesPerToken + describedBytes));
        if (!(await makeRoom(files, root, { newBytes, limitBytes }))) return;
        const shorter = [...entries].filter(
          ([, entry]) =>
            entry.adapters === adapters && commonPrefix(entry.tokens, tokens) === entry.tokens.length,
        );
        await write(sequence, tokens, { adapters, msPerPrefillToken });
        for (const [id] of shorter) await remove(id); // the new state holds all of theirs
      }, undefined),
    load: (sequence, id) =>
      guarded(async () => {
        await marking;
        const entry = entries.get(id);
        const path = statePath(folder, id);
        const found = await files.stat(path);
        if (entry === undefined || found === undefined) {
          await remove(id); // another engine made room
          return [];
        }
        const isWhole =
          found.sizeBytes === entry.stateBytes && (await files.sha256(path)) === entry.stateSha256;
        if (!isWhole) {
          await refuse(id, 'it is damaged');
          return [];
        }
        const tokens = await read(sequence, id);
        if (tokens === undefined) return [];
        const isSame =
          tokens.length === entry.tokens.length && commonPrefix(tokens, entry.tokens) === tokens.length;
        if (!isSame) {
          await refuse(id, 'llama.cpp read other tokens from it');
          return [];
        }
        marking = guarded(() => describe(id, entry), undefined); // a use is a new time of change
        return tokens;
      }, []),
    clear: () =>
      guarded(async () => {
        await marking;
        entries.clear();
        await files.remove(folder);
      }, undefined),
  };
};
