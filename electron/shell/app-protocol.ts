import { pathToFileURL } from 'node:url';
import { net, type Protocol } from 'electron';
import { contentSecurityPolicy, fileFor } from '../web/static.ts';
import { appScheme } from './own-origin.ts';

const notFound = (): Response => new Response('Not found', { status: 404 });

/** Serves the built renderer under `app://dyno/`, with the same policy as browser mode; nothing outside its folder. */
export const serveRenderer = (protocol: Protocol, rendererFolder: string): void => {
  protocol.handle(appScheme, async (request) => {
    const { host, pathname } = new URL(request.url);
    const path = host === 'dyno' ? fileFor(rendererFolder, pathname) : undefined;
    if (path === undefined) return notFound();
    const file = await net.fetch(pathToFileURL(path).href).catch(() => undefined); // no such file
    if (file?.ok !== true) return notFound();
    const headers = new Headers(file.headers);
    headers.set('content-security-policy', contentSecurityPolicy);
    headers.set('x-content-type-options', 'nosniff');
    return new Response(file.body, { status: 200, headers });
  });
};
