/** Which pages are ours, decided without Electron. */

export const appScheme = 'app';
/** The one origin of the window. */
export const appOrigin = `${appScheme}://dyno`;

/** True for documents of ours. */
export const isOwnUrl = (url: string): boolean => url === appOrigin || url.startsWith(`${appOrigin}/`);

/** Addresses that may be handed to the system's browser: https only, never a file or a program's own scheme. */
export const isSafeExternal = (url: string): boolean =>
  URL.canParse(url) && new URL(url).protocol === 'https:';

/** The screens copy to the clipboard and nothing else: no camera, no location, no notifications by page. */
const allowedPermissions = new Set(['clipboard-sanitized-write']);

export const isPermitted = (permission: string, url: string): boolean =>
  isOwnUrl(url) && allowedPermissions.has(permission);

interface Asker {
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
  readonly sender: { isDestroyed(): boolean };
}

/** True for the top frame of a living window of ours that shows a page of ours. */
export const isTrusted = ({ sender, senderFrame }: Asker): boolean =>
  senderFrame !== null && senderFrame.parent === null && isOwnUrl(senderFrame.url) && !sender.isDestroyed();
