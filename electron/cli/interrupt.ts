import { AppError } from '../../shared/errors/app-error.ts';

/**
 * Signals closer together than this are one wish: a terminal sends Ctrl-C to the whole process group, and npx hands its
 * own on once more.
 */
const echoMs = 500;

/** Aborts at the first Ctrl-C, SIGTERM or hang-up; a second one ends the process at once. */
export const listenForInterrupt = (): Disposable & { readonly signal: AbortSignal } => {
  const abort = new AbortController();
  let firstMs = Infinity;
  const onSignal = (): void => {
    const nowMs = performance.now();
    if (nowMs - firstMs > echoMs) process.exit(130);
    if (abort.signal.aborted) return;
    firstMs = nowMs;
    abort.abort(new AppError('app.cancelled'));
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: abort.signal,
    [Symbol.dispose]: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
};
