/** What the preload of the desktop app exposes beside the MessagePort: a dropped file's real path. */
interface DesktopBridge {
  readonly pathForFile: (file: File) => string;
}

declare global {
  interface Window {
    readonly dynoDesktop?: DesktopBridge;
  }
}

/** True where the preload put its bridge: the desktop window. */
export const isDesktop = (page: Pick<Window, 'dynoDesktop'>): boolean => page.dynoDesktop !== undefined;

/** `null` in a browser, which hides paths from pages. */
export const pathOfDroppedFile = (file: File): string | null => window.dynoDesktop?.pathForFile(file) ?? null;
