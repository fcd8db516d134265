/** Calls `act` once when `signal` aborts, or at once where it has, until disposed. */
export const whenAborted = (signal: AbortSignal, act: () => void): Disposable => {
  if (signal.aborted) act();
  else signal.addEventListener('abort', act, { once: true });
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', act) };
};
