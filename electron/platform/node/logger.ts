import type { Logger } from '../ports.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

const rank: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 };

/** An error as JSON would lose it: message, code, and the chain of causes with the innermost stack. */
const serialise = (value: unknown): unknown => {
  if (!(value instanceof Error)) return value;
  return {
    message: value.message,
    ...('code' in value ? { code: value.code } : {}),
    ...(value.cause === undefined ? { stack: value.stack } : { cause: serialise(value.cause) }),
  };
};

/** One JSON line per entry to `write`. Prompts and keys are never passed here. */
export const createLineLogger = (write: (line: string) => void, least: LogLevel = 'info'): Logger => {
  const entry =
    (level: Exclude<LogLevel, 'silent'>) => (message: string, fields?: Readonly<Record<string, unknown>>) => {
      if (rank[level] < rank[least]) return;
      const plain = Object.fromEntries(
        Object.entries(fields ?? {}).map(([key, value]) => [key, serialise(value)]),
      );
      write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...plain })}\n`);
    };
  return { debug: entry('debug'), info: entry('info'), warn: entry('warn'), error: entry('error') };
};
