import { useEffect } from 'react';

/** Acts every `everyMs` while the page is seen, and at once when it is seen again. `act` must keep its identity. */
export const usePoll = (act: () => void, everyMs: number): void => {
  useEffect(() => {
    const actIfSeen = (): void => {
      if (document.visibilityState === 'visible') act();
    };
    const timer = setInterval(actIfSeen, everyMs);
    document.addEventListener('visibilitychange', actIfSeen);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', actIfSeen);
    };
  }, [act, everyMs]);
};
