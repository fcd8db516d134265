import { EventEmitter } from 'node:events';
import { pathToFileURL } from 'node:url';
import type { BrowserWindowConstructorOptions, Protocol, Rectangle } from 'electron';
import type { Page, Request as PageRequest, Route } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { linkPage, type PageLink } from './page-link.ts';
import { preventable } from './preventable.ts';
import { strict } from './strict.ts';
import { WebContents } from './web-contents.ts';
import { isStubName, toApp, toWeb } from './web-names.ts';

type ProtocolHandler = Parameters<Protocol['handle']>[1];

/** Handlers of the app's own schemes. */
export const schemes = new Map<string, ProtocolHandler>();
export const ipcEvents = new EventEmitter();
export const appEvents = new EventEmitter();
const windows = new Set<BrowserWindow>();

/** Answers a request of the page with the app's own protocol handler. */
const answer = async (route: Route, request: PageRequest): Promise<void> => {
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

const isInsecure = ({ webPreferences = {} }: BrowserWindowConstructorOptions): boolean =>
  webPreferences.nodeIntegration === true ||
  webPreferences.contextIsolation === false ||
  webPreferences.sandbox === false ||
  webPreferences.webSecurity === false;

/** A window: a Chromium page with the compiled preload in an isolated world. Refuses insecure preferences. */
export class BrowserWindow extends EventEmitter {
  static getAllWindows(): BrowserWindow[] {
    return [...windows];
  }

  readonly webContents: WebContents;
  readonly #self: BrowserWindow;
  readonly #preload: string | undefined;
  #bounds: Rectangle;
  #page: Promise<Page> | undefined;
  #address = '';
  #link: PageLink | undefined;
  #expected: string | undefined;
  #isVisible: boolean;
  #isMaximized = false;
  #isDestroyed = false;

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super();
    if (isInsecure(options)) throw new Error('The Electron stand-in refuses insecure webPreferences');
    const { x = 0, y = 0, width = 800, height = 600 } = options;
    this.#bounds = { x, y, width, height };
    this.#preload = options.webPreferences?.preload;
    this.#isVisible = options.show !== false;
    this.webContents = strict(
      'webContents',
      new WebContents({
        url: () => toApp(this.#address),
        isDestroyed: () => this.#isDestroyed,
        link: () => this.#link,
        print: async (options) => {
          const page = await this.#page;
          if (page === undefined) throw new Error('The Electron stand-in prints loaded windows only');
          return page.pdf(options);
        },
      }),
    );
    this.#self = strict<BrowserWindow>('BrowserWindow', this);
    windows.add(this.#self);
    appEvents.emit('web-contents-created', {}, this.webContents);
    return this.#self;
  }

  async loadURL(url: string): Promise<void> {
    const page = await (this.#page ??= this.#open());
    this.#expected = toWeb(url);
    await page.goto(this.#expected);
    this.#address = page.url();
    this.emit('ready-to-show');
    this.webContents.emit('did-finish-load');
  }

  loadFile(path: string): Promise<void> {
    return this.loadURL(pathToFileURL(path).href);
  }

  async #open(): Promise<Page> {
    const context = await openBrowser();
    const page = await context.newPage();
    const { width, height } = this.#bounds;
    await page.setViewportSize({ width, height });
    await page.route('**/*', (route, request) => this.#serve(page, route, request));
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.#address = frame.url();
    });
    this.#link = await linkPage(page, {
      preloadPath: this.#preload,
      onSend: (channel, args) => {
        const senderFrame = { url: toApp(page.url()), parent: null };
        ipcEvents.emit(channel, { sender: this.webContents, senderFrame }, ...args);
      },
      onOpen: (url) => this.webContents.askToOpen(toApp(url)),
    });
    page.on('close', () => this.#closed());
    return page;
  }

  async #serve(page: Page, route: Route, request: PageRequest): Promise<void> {
    const url = request.url();
    const isAsked = url === this.#expected; // what the app itself loads is not asked about
    if (request.isNavigationRequest() && !isAsked) {
      const isMainFrame = request.frame() === page.mainFrame();
      if (!this.webContents.mayNavigate(toApp(url), isMainFrame)) return route.abort('aborted');
    }
    return isStubName(new URL(url).hostname) ? answer(route, request) : route.continue();
  }

  #closed(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    windows.delete(this.#self);
    this.emit('closed');
    if (windows.size === 0) appEvents.emit('window-all-closed');
  }

  /** As the user's click on the cross: the app may prevent it. */
  close(): void {
    const event = preventable();
    this.emit('close', event);
    if (!event.isPrevented()) void this.#page?.then((page) => page.close());
  }
  /** Without asking the app. */
  destroy(): void {
    void this.#page?.then((page) => page.close());
  }
  reload(): void {
    void this.#page?.then((page) => page.reload());
  }
  show(): void {
    this.#isVisible = true;
  }
  hide(): void {
    this.#isVisible = false;
  }
  isVisible(): boolean {
    return this.#isVisible;
  }
  focus(): void {
    this.emit('focus');
  }
  maximize(): void {
    this.#isMaximized = true;
  }
  isMaximized(): boolean {
    return this.#isMaximized;
  }
  isMinimized(): boolean {
    return false;
  }
  isDestroyed(): boolean {
    return this.#isDestroyed;
  }
  getNormalBounds(): Rectangle {
    return { ...this.#bounds };
  }
  setBounds(bounds: Partial<Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
    const { width, height } = this.#bounds;
    void this.#page?.then((page) => page.setViewportSize({ width, height }));
  }
}
