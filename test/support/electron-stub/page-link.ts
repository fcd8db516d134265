import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import type { StubPort } from './message-port.ts';

/** The pipe between the stand-in's main process and the preload's isolated world of one page, over DevTools. */

interface PortData {
  readonly bytes?: string;
  readonly text?: unknown;
}

type FromPage =
  | { readonly kind: 'send'; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly kind: 'open'; readonly url: string }
  | { readonly kind: 'port'; readonly id: string; readonly data: PortData };

const world = 'electron-preload';

const encode = (data: unknown): PortData =>
  data instanceof Uint8Array || data instanceof ArrayBuffer
    ? { bytes: Buffer.from(data instanceof ArrayBuffer ? new Uint8Array(data) : data).toString('base64') }
    : { text: data };

const decode = ({ bytes, text }: PortData): unknown =>
  bytes === undefined ? text : new Uint8Array(Buffer.from(bytes, 'base64'));

interface Options {
  readonly preloadPath: string | undefined;
  /** `ipcRenderer.send` of the preload. */
  readonly onSend: (channel: string, args: readonly unknown[]) => void;
  /** `window.open` or a link that would open a window. */
  readonly onOpen: (url: string) => void;
}

export interface PageLink {
  /** Posts to the preload, handing over the far ends of `ports`. */
  post(channel: string, message: unknown, ports: readonly StubPort[]): void;
}

const script = (name: string, secret: string): string =>
  readFileSync(join(import.meta.dirname, name), 'utf8').replaceAll('__SECRET__', secret);

const callOf = (name: string, ...args: readonly unknown[]): string =>
  `${name}(${args.map((value) => JSON.stringify(value ?? null)).join(', ')})`;

/** Puts the preload into every document of the page's top frame and connects it. */
export const linkPage = async (page: Page, { preloadPath, onSend, onOpen }: Options): Promise<PageLink> => {
  const cdp: CDPSession = await page.context().newCDPSession(page);
  const secret = randomBytes(12).toString('hex');
  const contexts = new Set<number>();
  const ports = new Map<string, StubPort>();

  const evaluate = (expression: string): void => {
    for (const contextId of contexts) {
      // a context that is going away with its page needs no message
      void cdp.send('Runtime.evaluate', { contextId, expression }).catch(() => undefined);
    }
  };
  const closePorts = (): void => {
    for (const port of ports.values()) port.close();
    ports.clear();
  };

  cdp.on('Runtime.executionContextCreated', ({ context }) => {
    if (context.name === world) contexts.add(context.id);
  });
  cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) =>
    contexts.delete(executionContextId),
  );
  cdp.on('Runtime.executionContextsCleared', () => {
    contexts.clear();
    closePorts();
  });
  page.on('close', closePorts);
  cdp.on('Runtime.bindingCalled', ({ name, payload }) => {
    if (name !== '__stubToHost') return;
    const message = JSON.parse(payload) as FromPage; // written by world-preload.js
    if (message.kind === 'send') onSend(message.channel, message.args);
    else if (message.kind === 'open') onOpen(message.url);
    else ports.get(message.id)?.postMessage(decode(message.data));
  });
  await cdp.send('Runtime.enable');
  await cdp.send('Page.enable');
  await cdp.send('Runtime.addBinding', { name: '__stubToHost', executionContextName: world });
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: script('world-main.js', secret) });
  if (preloadPath !== undefined) {
    const preload = readFileSync(preloadPath, 'utf8');
    const source = script('world-preload.js', secret)
      .replace('__DROP_FOLDER__', process.env.STUB_DROP_FOLDER ?? '/nowhere')
      .replace('__PRELOAD__', () => preload);
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { worldName: world, source });
  }

  const hand = (port: StubPort): string => {
    const id = randomBytes(6).toString('hex');
    ports.set(id, port);
    port.on('message', ({ data }: { data: unknown }) =>
      evaluate(callOf('__stubPortMessage', id, encode(data))),
    );
    port.on('close', () => evaluate(callOf('__stubPortClose', id)));
    port.start();
    return id;
  };
  return {
    post: (channel, message, handed) => evaluate(callOf('__stubPost', channel, message, handed.map(hand))),
  };
};
