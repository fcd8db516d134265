import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { errnoOf } from '../platform/node/file-errors.ts';

const mimeTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Same policy in the window and in the browser: our own files, our own host, nothing else. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'", // Mantine sets styles at run time
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self' ws://127.0.0.1:* ws://localhost:*",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const securityHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** Path of the file for a URL path inside `root`, or `undefined` when it would leave it. */
export const fileFor = (root: string, urlPath: string): string | undefined => {
  const decoded = urlPath === '/' ? '/index.html' : urlPath;
  if (decoded.includes('\0') || decoded.includes('%')) return undefined; // our file names need no escapes
  const path = normalize(join(root, decoded));
  return path.startsWith(root.endsWith(sep) ? root : root + sep) ? path : undefined;
};

const sendText = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...securityHeaders }).end(text);
};

/** Answers with a file of the built renderer, 404, or 405 for what is no reading. Hashed assets may be cached for ever. */
export const sendStatic = async (
  root: string,
  urlPath: string,
  { method }: Pick<IncomingMessage, 'method'>,
  response: ServerResponse,
): Promise<void> => {
  if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    sendText(response, 405, 'Method not allowed');
    return;
  }
  const path = fileFor(root, urlPath);
  const body = path === undefined ? undefined : await readBytes(path);
  if (path === undefined || body === undefined) {
    sendText(response, 404, 'Not found');
    return;
  }
  const caching = urlPath.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  const type = mimeTypes[extname(path)] ?? 'application/octet-stream';
  response.writeHead(200, { 'content-type': type, 'cache-control': caching, ...securityHeaders }).end(body);
};

const readBytes = async (path: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(path);
  } catch (error) {
    if (['ENOENT', 'EISDIR', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
};
