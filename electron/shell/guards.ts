import { shell, type Session, type WebContents } from 'electron';
import type { Logger } from '../platform/ports.ts';
import { isOwnUrl, isPermitted, isSafeExternal } from './own-origin.ts';

interface NavigationEvent {
  readonly url: string;
  preventDefault(): void;
}

/** No page leaves the app, opens a window or embeds another one; links of the screens open in the system's browser. */
export const guardContents = (contents: WebContents): void => {
  const stay = (event: NavigationEvent): void => {
    if (!isOwnUrl(event.url)) event.preventDefault();
  };
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isSafeExternal(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
};

export const guardSession = (session: Session, log: Logger): void => {
  session.setPermissionRequestHandler((contents, permission, decide) => {
    const isAllowed = isPermitted(permission, contents.getURL());
    if (!isAllowed) log.warn('a permission was refused', { permission });
    decide(isAllowed);
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => isPermitted(permission, origin));
};
