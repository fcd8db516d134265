import { AppError } from '../../../shared/errors/app-error.ts';
import type { Http, HttpResponse } from '../ports.ts';

const wrap = (response: Response): HttpResponse => ({
  status: response.status,
  headers: Object.fromEntries(response.headers),
  body: {
    async *[Symbol.asyncIterator]() {
      if (response.body === null) return;
      yield* response.body;
    },
  },
  text: () => response.text(),
});

/** HTTP through Node's fetch (undici). Redirects up to fetch's own limit of 20; credentials are dropped across hosts. */
export const createNodeHttp = (): Http => ({
  request: async (url, options = {}) => {
    try {
      const response = await fetch(url, {
        method: options.method ?? 'GET',
        ...(options.headers && { headers: options.headers }),
        ...(options.body !== undefined && { body: options.body }),
        ...(options.signal && { signal: options.signal }),
      });
      return wrap(response);
    } catch (cause) {
      if (options.signal?.aborted === true) throw new AppError('app.cancelled', undefined, { cause });
      throw cause;
    }
  },
});
