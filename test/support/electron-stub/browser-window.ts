import { EventEmitter } from 'node:events';
import type { BrowserWindowConstructorOptions, Protocol } from 'electron';
import type { BrowserContext, Page, Route } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { linkPage, type PageLink } from './page-link.ts';
import type { StubPort } from './message-port.ts';
import { record, strict } from './strict.ts';

type ProtocolHandler = Parameters<Protocol['handle']>[1];
type OpenHandler = (details: { readonly url: string }) => { readonly action: 'allow' | 'deny' };

export const schemes = new Map<string, ProtocolHandler>();
export const ipcMain = new EventEmitter();
export const windows = new Set<BrowserWindow>();
export const appEvents = new EventEmitter();

/** Chromium does not know `app:`; its pages live under a name of the reserved `.invalid` domain instead. */
const suffix = '.dyno-stub.invalid';
const toWeb = (url: string): string => url.replace(/^([a-z]+):\/\/([^/]+)/, `https://$2.$1${suffix}`);
export const toApp = (url: string): string =>
  url.replace(/^https:\/\/([^/]+)\.([a-z]+)\.dyno-stub\.invalid/, '$2://$1');

let browser: Promise<BrowserContext> | undefined;
export const closeBrowser = async (): Promise<void> => (await browser)?.close();

/** Answers a request of the page with the app's own protocol handler. */
const serve = async (route: Route): Promise<void> => {
  const request = route.request();
  const url = toApp(request.url());
  const handler = schemes.get(new URL(url).protocol.slice(0, -1));
  if (handler === undefined) return route.abort('failed');
  // Request refuses unknown schemes, so the handler gets the members it may read
  const asked = { url, method: request.method(), headers: new Headers(request.headers()) };
  const response = await handler(asked as GlobalRequest);
  return route.fulfill({
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  });
};

class WebContents extends EventEmitter {
  readonly #window: BrowserWindow;
  openHandler: OpenHandler | undefined;

  constructor(window: BrowserWindow) {
    super();
    this.#window = window;
  }

  getURL(): string {
    return toApp(this.#window.page?.url() ?? '');
  }

  isDestroyed(): boolean {
    return this.#window.isDestroyed();
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler;
  }

  postMessage(channel: string, message: unknown, ports: readonly StubPort[] = []): void {
    this.#window.link?.post(channel, message, ports);
  }
}

/** A window: a Chromium page with the compiled preload in an isolated world. Refuses insecure preferences. */
export class BrowserWindow extends EventEmitter {
  static getAllWindows(): BrowserWindow[] {
    return [...windows];
  }

  readonly webContents: WebContents;
  page: Page | undefined;
  link: PageLink | undefined;
  readonly #options: BrowserWindowConstructorOptions;
  #isDestroyed = false;

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super();
    const { nodeIntegration, contextIsolation, sandbox, webSecurity } = options.webPreferences ?? {};
    if (
      nodeIntegration === true ||
      contextIsolation === false ||
      sandbox === false ||
      webSecurity === false
    ) {
      throw new Error('The Electron stand-in refuses insecure webPreferences');
    }
    this.#options = options;
    this.webContents = strict('webContents', new WebContents(this));
    windows.add(this);
    record('window', options.width, options.height);
    appEvents.emit('web-contents-created', {}, this.webContents);
    return strict('BrowserWindow', this);
  }

  async loadURL(url: string): Promise<void> {
    browser ??= launchBrowser({ width: this.#options.width ?? 1280, height: this.#options.height ?? 800 });
    const context = await browser;
    const page =
      context.pages().find((candidate) => candidate.url() === 'about:blank') ?? (await context.newPage());
    this.page = page;
    await page.route((address) => address.hostname.endsWith(suffix), serve);
    const frame = { get url() { return toApp(page.url()); }, parent: null }; // prettier-ignore
    this.link = await linkPage(page, this.#options.webPreferences?.preload, (channel, args) =>
      ipcMain.emit(channel, { sender: this.webContents, senderFrame: frame }, ...args),
    );
    page.on('console', (message) => record('console', message.type(), message.text()));
    page.on('pageerror', (error) => record('pageerror', error.message));
    page.on('popup', (popup) => {
      const decision = this.webContents.openHandler?.({ url: toApp(popup.url()) }) ?? { action: 'allow' };
      record('window-open', toApp(popup.url()), decision.action);
      if (decision.action === 'deny') void popup.close();
    });
    page.on('close', () => this.#closed());
    await page.goto(toWeb(url));
    this.emit('ready-to-show');
    this.webContents.emit('did-finish-load');
  }

  #closed(): void {
    if (this.#isDestroyed) return;
    this.emit('close', { preventDefault: () => undefined });
    this.#isDestroyed = true;
    windows.delete(this);
    this.emit('closed');
    if (windows.size === 0) appEvents.emit('window-all-closed');
  }

  show(): void {
    record('window.show');
  }
  focus(): void {
    record('window.focus');
  }
  reload(): void {
    void this.page?.reload();
  }
  maximize(): void {
    record('window.maximize');
  }
  restore(): void {
    record('window.restore');
  }
  isMaximized(): boolean {
    return false;
  }
  isMinimized(): boolean {
    return false;
  }
  isDestroyed(): boolean {
    return this.#isDestroyed;
  }
  getNormalBounds(): { x: number; y: number; width: number; height: number } {
    return { x: 0, y: 0, width: this.#options.width ?? 1280, height: this.#options.height ?? 800 };
  }
}
