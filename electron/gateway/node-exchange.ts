import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller, RequestHead, Responder } from './http-exchange.ts';

/** Requests and replies of Node's HTTP as the stages see them. */

/**
 * Node gives most repeated headers joined already; the few it keeps as lists are joined the same way, and so is
 * `Authorization`, of which it keeps the first: a second credential must not pass unseen.
 */
export const toHead = (raw: IncomingMessage, url: string, caller: Caller): RequestHead => {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(raw.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  headers['authorization'] = raw.headersDistinct['authorization']?.join(', ');
  const hostCount = raw.rawHeaders.filter((text, at) => at % 2 === 0 && text.toLowerCase() === 'host').length;
  const query = url.indexOf('?');
  return {
    method: raw.method ?? '',
    path: query < 0 ? url : url.slice(0, query),
    headers,
    hostCount,
    caller,
  };
};

export const createResponder = (raw: ServerResponse): Responder => {
  const atStart: (() => Readonly<Record<string, string>>)[] = [];
  const addAtStart = (): void => {
    for (const make of atStart)
      for (const [name, value] of Object.entries(make())) raw.setHeader(name, value);
  };
  const sendWhole = (status: number, type: string | undefined, text: string): void => {
    if (raw.headersSent || raw.destroyed) return;
    addAtStart();
    raw.writeHead(status, {
      ...(type === undefined ? {} : { 'content-type': type }),
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
    });
    raw.end(text);
  };
  return {
    hasStarted: () => raw.headersSent,
    header: (name, value) => {
      if (!raw.headersSent) raw.setHeader(name, value);
    },
    headersAtStart: (make) => {
      atStart.push(make);
    },
    json: (status, body) => {
      if (body === undefined) sendWhole(status, undefined, '');
      else sendWhole(status, 'application/json; charset=utf-8', JSON.stringify(body));
    },
    text: sendWhole,
    startStream: (contentType) => {
      if (raw.headersSent || raw.destroyed) return;
      addAtStart();
      raw.writeHead(200, {
        'content-type': contentType,
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
    },
    // Node corks a chunked reply until the end of the tick, so the events of one decode step leave in one packet.
    write: (text) => {
      if (!raw.destroyed) raw.write(text);
    },
    bufferedBytes: () => raw.writableLength,
    takenBytes: () => (raw.socket === null ? 0 : raw.socket.bytesWritten - raw.socket.writableLength),
    drained: () =>
      new Promise((resolve) => {
        if (raw.destroyed || raw.writableFinished || (raw.writableLength === 0 && !raw.writableEnded)) {
          resolve();
          return;
        }
        const done = (): void => {
          for (const name of ['drain', 'finish', 'close']) raw.off(name, done);
          resolve();
        };
        for (const name of ['drain', 'finish', 'close']) raw.on(name, done);
      }),
    end: () => {
      if (!raw.destroyed) raw.end();
    },
    destroy: () => void raw.destroy(),
    onGone: (act) => {
      if (raw.destroyed) act();
      else {
        raw.once('close', () => {
          if (!raw.writableFinished) act();
        });
      }
    },
  };
};

/**
 * After a refusal the client may still be sending. Reading on for a little lets it see the answer (closing at once would
 * reset the connection under it); past the limit the connection is cut.
 */
export const discardRest = (raw: IncomingMessage, maxBytes: number): void => {
  if (raw.complete) return;
  let discarded = 0;
  raw.on('data', (chunk: Uint8Array) => {
    discarded += chunk.byteLength;
    if (discarded > maxBytes) raw.destroy();
  });
};
