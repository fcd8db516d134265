import { useSyncExternalStore } from 'react';

/** Where the page says which tokens hold; the frame sets it from the settings or the system. */
const ATTRIBUTE = 'data-mantine-color-scheme';

const subscribe = (act: () => void): (() => void) => {
  const observer = new MutationObserver(act);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: [ATTRIBUTE] });
  return () => observer.disconnect();
};

const read = (): 'light' | 'dark' =>
  document.documentElement.getAttribute(ATTRIBUTE) === 'dark' ? 'dark' : 'light';

/**
 * The scheme the page's tokens have at this moment. The system's wish is known a moment before the tokens follow: a
 * chart that was painted in between would keep the old ones.
 */
export const usePageScheme = (): 'light' | 'dark' => useSyncExternalStore(subscribe, read);
