import { shell, type Session, type WebContents } from 'electron';
import { appOrigin } from './app-protocol.ts';

/** Addresses a link may open, in the system's browser: the project's own and model hubs, over https only. */
const isSafeExternal = (url: string): boolean => URL.canParse(url) && new URL(url).protocol === 'https:';

/** True for documents of ours. */
export const isOwnUrl = (url: string): boolean => url === appOrigin || url.startsWith(`${appOrigin}/`);

/** No page leaves the app, opens a window or embeds another one. */
export const guardContents = (contents: WebContents): void => {
  contents.on('will-navigate', (event) => {
    if (!isOwnUrl(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isSafeExternal(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
};

/** The screens copy to the clipboard and nothing else: no camera, no location, no notifications by page. */
const allowedPermissions = new Set(['clipboard-sanitized-write']);

export const guardSession = (session: Session): void => {
  session.setPermissionRequestHandler((contents, permission, decide) =>
    decide(isOwnUrl(contents.getURL()) && allowedPermissions.has(permission)),
  );
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => isOwnUrl(origin) && allowedPermissions.has(permission),
  );
};
