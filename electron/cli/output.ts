import type { AppError } from '../../shared/errors/app-error.ts';

/** Where a command writes: results on stdout, everything else on stderr. */
export interface Output {
  readonly isJson: boolean;
  /** A person looks on: lines may be rewritten. */
  readonly isTerminal: boolean;
  /** The result: `value` as one JSON document with --json, else the text. */
  result(value: unknown, text: () => string): void;
  /** One item of a command that streams, on stdout: its text, or one JSON line with --json and where there is no text. */
  line(value: unknown, text?: () => string): void;
  /** A remark for people, on stderr; silent with --quiet. */
  note(text: string): void;
  /** Replaces the last progress line on a terminal; elsewhere a new line every ten seconds at most. */
  progress(text: string): void;
  clearProgress(): void;
  /** On stderr; with --json also as the document on stdout, unless a result stands there already. */
  fail(error: AppError): void;
}

interface Options {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

const plainEveryMs = 10_000;
const clearLine = '\r\u001b[2K';

export const createOutput = ({ isJson, isQuiet, stdout, stderr }: Options): Output => {
  let lastPlainMs = -Infinity;
  let hasLine = false;
  let hasResult = false;
  const clearProgress = (): void => {
    if (hasLine) stderr.write(clearLine);
    hasLine = false;
  };
  return {
    isJson,
    isTerminal: stdout.isTTY && stderr.isTTY,
    result: (value, text) => {
      clearProgress();
      hasResult = true;
      stdout.write(`${isJson ? JSON.stringify(value, null, 2) : text()}\n`);
    },
    line: (value, text) => stdout.write(`${isJson || text === undefined ? JSON.stringify(value) : text()}\n`),
    note: (text) => {
      if (isQuiet) return;
      clearProgress();
      stderr.write(`${text}\n`);
    },
    progress: (text) => {
      if (isQuiet) return;
      if (stderr.isTTY) {
        stderr.write(clearLine + text.slice(0, Math.max(20, stderr.columns - 1)));
        hasLine = true;
        return;
      }
      const nowMs = performance.now();
      if (nowMs - lastPlainMs < plainEveryMs) return;
      lastPlainMs = nowMs;
      stderr.write(`${text}\n`);
    },
    clearProgress,
    fail: (error) => {
      clearProgress();
      if (isJson && !hasResult) stdout.write(`${JSON.stringify({ error: error.toPayload() }, null, 2)}\n`);
      stderr.write(`dyno: ${error.message}\n`);
      if (error.hint !== undefined) stderr.write(`${error.hint}\n`);
      stderr.write(`(${error.code})\n`);
    },
  };
};
