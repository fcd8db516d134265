import { setImmediate } from 'node:timers/promises';

/** The reason of a failed load is only in the log: enough lines to hold it. */
const keptLines = 20;

/** The loader draws its progress with a dot per piece: a hundred lines that say nothing. */
const progressDots = /^[.\s]*$/;

/**
 * Resolves when what llama.cpp has logged so far has arrived: its lines and the end of a call come to this thread by two
 * ways, and on a busy machine the end can be first, without the reason.
 */
export const logArrived = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn += 1) await setImmediate();
};

export interface LogTail {
  add(message: string): void;
  /** Oldest first. */
  lines(): readonly string[];
  /** Forgets all lines. */
  reset(): void;
}

/** Keeps the last lines llama.cpp logged. */
export const createLogTail = (): LogTail => {
  let kept: string[] = [];
  return {
    add: (message) => {
      for (const line of message.split('\n')) {
        if (!progressDots.test(line)) kept.push(line.trimEnd());
      }
      if (kept.length > keptLines) kept = kept.slice(-keptLines);
    },
    lines: () => kept,
    reset: () => {
      kept = [];
    },
  };
};
