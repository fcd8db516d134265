import { EventEmitter } from 'node:events';
import type { StubPort } from './message-port.ts';
import type { PageLink } from './page-link.ts';
import { preventable } from './preventable.ts';

/** What the app asks of a print. */
export interface PrintOptions {
  readonly printBackground?: boolean;
  readonly preferCSSPageSize?: boolean;
}

interface View {
  readonly url: () => string;
  readonly isDestroyed: () => boolean;
  readonly link: () => PageLink | undefined;
  readonly print: (options: PrintOptions) => Promise<Buffer>;
}

type OpenHandler = (details: { readonly url: string }) => { readonly action: 'allow' | 'deny' };

/** What a window shows, with the events and handlers that guard it. */
export class WebContents extends EventEmitter {
  readonly #view: View;
  #openHandler: OpenHandler = () => ({ action: 'allow' });

  constructor(view: View) {
    super();
    this.#view = view;
  }

  getURL(): string {
    return this.#view.url();
  }
  isDestroyed(): boolean {
    return this.#view.isDestroyed();
  }
  printToPDF(options: PrintOptions): Promise<Buffer> {
    return this.#view.print(options);
  }
  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }
  postMessage(channel: string, message: unknown, ports: readonly StubPort[] = []): void {
    this.#view.link()?.post(channel, message, ports);
  }

  /** Asks the app whether a page may open a window; the stand-in makes none. */
  askToOpen(url: string): void {
    if (this.#openHandler({ url }).action === 'allow')
      throw new Error('The Electron stand-in opens no second window');
  }

  /** Asks the app whether a page may go to an address. */
  mayNavigate(url: string, isMainFrame: boolean): boolean {
    const event = preventable({ url, isMainFrame });
    this.emit('will-frame-navigate', event);
    if (isMainFrame) this.emit('will-navigate', event);
    return !event.isPrevented();
  }
}
