import { useEffect } from 'react';

/**
 * Acts at once, then every `everyMs` while the page is seen, and at once when it is seen again: what was read on an earlier
 * visit is not shown as what is. `act` must keep its identity.
 */
export const usePoll = (act: () => void, everyMs: number): void => {
  useEffect(() => {
    const actIfSeen = (): void => {
      if (document.visibilityState === 'visible') act();
    };
    actIfSeen();
    const timer = setInterval(actIfSeen, everyMs);
    document.addEventListener('visibilitychange', actIfSeen);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', actIfSeen);
    };
  }, [act, everyMs]);
};
