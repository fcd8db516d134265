import { useLayoutEffect } from 'react';

/**
 * Gives the focus back to what had it before a dialog opened; to the page where that is gone, e.g. an item of a menu
 * that has closed. Mantine does so only for dialogs that stay mounted while they are closed.
 */
export const useFocusReturn = (isOpen: boolean): void => {
  useLayoutEffect(() => {
    if (!isOpen) return undefined;
    const opener = document.activeElement;
    const giveBack = (): void => {
      const isThere = opener instanceof HTMLElement && opener.isConnected && opener !== document.body;
      const target = isThere ? opener : document.getElementById('main');
      target?.focus({ preventScroll: true });
    };
    // after the dialog has left the page: it holds the focus until then
    return () => queueMicrotask(giveBack);
  }, [isOpen]);
};
