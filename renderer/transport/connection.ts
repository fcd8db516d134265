import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client';
import { AppError } from '../../shared/errors/app-error.ts';

/**
 *   connecting → open → lost ─(back-off)→ connecting …
 *        └────────────→ refused   (no token, or a wrong one: only the user can help)
 */
export type ConnectionState =
  | { readonly type: 'connecting' }
  | { readonly type: 'open'; readonly epoch: number }
  | { readonly type: 'lost'; readonly attempt: number; readonly retryAtMs: number }
  | { readonly type: 'refused' };

/** One open pipe to the host. */
export interface Pipe {
  readonly link: ClientLink<ClientContext>;
  /** Settles when the pipe is gone. Never rejects. */
  readonly closed: Promise<void>;
}

/** Opens a pipe. Rejects with `app.unauthorized` when the host is there but does not let the page in. */
export type Dial = (signal: AbortSignal) => Promise<Pipe>;

export interface Connection {
  /** Sends every call through whatever pipe is open, waiting for one first. */
  readonly link: ClientLink<ClientContext>;
  readonly state: () => ConnectionState;
  readonly onChange: (act: () => void) => () => void;
  /** Tries again at once instead of waiting for the back-off. */
  readonly retryNow: () => void;
  readonly close: () => void;
}

interface Timing {
  readonly nowMs: () => number;
  /** Calls `act` after `ms`; the returned function prevents it. */
  readonly after: (ms: number, act: () => void) => () => void;
}

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;

/** Waiting time before attempt `attempt` (1, 2, …): doubles from a quarter second up to five seconds. */
export const backOffMs = (attempt: number): number =>
  Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempt - 1));

/** Dials, and dials again for as long as the page lives. */
export const createConnection = (dial: Dial, timing: Timing): Connection => {
  const watchers = new Set<() => void>();
  const ending = new AbortController();
  let state: ConnectionState = { type: 'connecting' };
  let pipe: Pipe | undefined;
  let epoch = 0;
  let wake: (() => void) | undefined;

  const move = (next: ConnectionState): void => {
    state = next;
    for (const watcher of [...watchers]) watcher();
  };

  const pause = async (attempt: number): Promise<void> => {
    if (ending.signal.aborted) return;
    const ms = backOffMs(attempt);
    move({ type: 'lost', attempt, retryAtMs: timing.nowMs() + ms });
    await new Promise<void>((resolve) => {
      const stop = timing.after(ms, resolve);
      wake = () => {
        stop();
        resolve();
      };
    });
    wake = undefined;
  };

  const run = async (): Promise<void> => {
    let attempt = 0;
    while (!ending.signal.aborted) {
      try {
        pipe = await dial(ending.signal);
        attempt = 0;
        epoch += 1;
        move({ type: 'open', epoch });
        await pipe.closed;
      } catch (error) {
        if (error instanceof AppError && error.code === 'app.unauthorized') {
          move({ type: 'refused' });
          return;
        }
        // Any other failure means the host is not there now: the back-off is the answer to it.
      }
      pipe = undefined;
      attempt += 1;
      await pause(attempt);
    }
  };

  const whenOpen = (signal: AbortSignal | undefined): Promise<Pipe> =>
    new Promise((resolve, reject) => {
      const settle = (): void => {
        if (pipe !== undefined) resolve(pipe);
        else if (state.type === 'refused') reject(new AppError('app.unauthorized'));
        else if (signal?.aborted === true) reject(new AppError('app.cancelled'));
        else return;
        watchers.delete(settle);
        signal?.removeEventListener('abort', settle);
      };
      watchers.add(settle);
      signal?.addEventListener('abort', settle);
      settle();
    });

  void run();
  return {
    link: {
      call: async (path: readonly string[], input: unknown, options: ClientOptions<ClientContext>) => {
        const open = await whenOpen(options.signal);
        return open.link.call(path, input, options);
      },
    },
    state: () => state,
    onChange: (act) => {
      watchers.add(act);
      return () => watchers.delete(act);
    },
    retryNow: () => wake?.(),
    close: () => {
      ending.abort();
      wake?.();
    },
  };
};
