/**
 * When a KV state is worth a file. A state of 515 tokens of a 0.5B model has 11.6 MB, is written in 24 ms, read in 8 ms,
 * and takes 3.3 to 5.4 s to compute on two cores (`npm run perf -- prefix-cache`); on a GPU the two can be close.
 */

/** Fewer tokens are a short question: nobody notices their prefill, and they would fill the folder. */
const leastSavedTokens = 256;
/** A prompt that shares fewer with a file is computed: opening and checking one takes some milliseconds. */
const leastLoadGain = 128;

/** A slow SATA drive, the checksum included; a state that pays at this rate pays on any disk. */
const writtenBytesPerMs = 200_000;
const readBytesPerMs = 400_000;
/** Opening, renaming and describing a file. */
const fixedMs = 5;

/** Nothing is decoded while a state is written: as long as those who read may wait for a prefill chunk anyway. */
const longestPauseMs = 250;
/** With nobody running only a request that arrives meanwhile waits. */
const longestIdlePauseMs = 2_000;

/** The folder never takes more than this share of what is free. */
const shareOfFreeDisk = 0.1;

export interface SaveQuestion {
  /** In the slot's cache. */
  readonly tokens: number;
  /** Of these, the first ones that a file, or the slot itself after the next request took it, holds anyway. */
  readonly keptTokens: number;
  readonly bytesPerToken: number;
  /** `null` before the first prefill. */
  readonly msPerPrefillToken: number | null;
  /** Somebody waits for the next step. */
  readonly isBusy: boolean;
}

const writeMs = (bytes: number): number => fixedMs + bytes / writtenBytesPerMs;

/** True when the prefill that a later request is spared outlasts the write, and the pause can be borne. */
export const isWorthSaving = (question: SaveQuestion): boolean => {
  const { tokens, keptTokens, bytesPerToken, msPerPrefillToken, isBusy } = question;
  const lost = tokens - keptTokens;
  if (lost < leastSavedTokens || msPerPrefillToken === null) return false;
  const takesMs = writeMs(tokens * bytesPerToken);
  return lost * msPerPrefillToken > takesMs && takesMs <= (isBusy ? longestPauseMs : longestIdlePauseMs);
};

/** Tokens that a state of `stateBytes` must spare a prompt to be read rather than computed. */
export const leastGainOf = (stateBytes: number, msPerPrefillToken: number): number =>
  Math.max(
    leastLoadGain,
    Math.ceil((fixedMs + stateBytes / readBytesPerMs) / Math.max(msPerPrefillToken, 1e-6)),
  );

/** Files of one state, as the folder shows them. */
export interface StoredFiles {
  readonly paths: readonly string[];
  readonly sizeBytes: number;
  /** Time of the last use: a use writes the description anew. */
  readonly usedMs: number;
}

/** Bytes the folder may take: the limit, but never over a tenth of what would be free without it. */
export const allowedBytes = (limitBytes: number, usedBytes: number, freeBytes: number): number =>
  Math.min(limitBytes, (usedBytes + freeBytes) * shareOfFreeDisk);

/** What to remove, longest unused first, so that `newBytes` more stay within `mostBytes`. */
export const chooseEvictions = (
  stored: readonly StoredFiles[],
  newBytes: number,
  mostBytes: number,
): readonly StoredFiles[] => {
  let total = stored.reduce((sum, { sizeBytes }) => sum + sizeBytes, newBytes);
  const evicted: StoredFiles[] = [];
  for (const each of stored.toSorted((a, b) => a.usedMs - b.usedMs)) {
    if (total <= mostBytes) break;
    total -= each.sizeBytes;
    evicted.push(each);
  }
  return evicted;
};
