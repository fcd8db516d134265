import { AppError } from '../../../shared/errors/app-error.ts';
import type { Http, HttpResponse } from '../../platform/ports.ts';
import { createSseParser, type SseEvent } from '../driver/sse-parser.ts';

/** The server under test, as a check speaks to it. Paths begin with `/`. */
export interface CompatTarget {
  /** Of the server's list, or as asked for. */
  readonly model: string;
  /** The answer as it is, whatever its status. */
  raw(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<RawAnswer>;
  /** The body of a 200. @throws AppError `gateway.not-found` where there is no such route, `bench.target-failed` */
  json(path: string, body?: unknown): Promise<unknown>;
  /** Every event of a stream. @throws AppError as `json` */
  events(path: string, body: unknown): Promise<readonly SseEvent[]>;
  /** Every line of a stream of JSON lines. @throws AppError as `json` */
  lines(path: string, body: unknown): Promise<readonly unknown[]>;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What a check found wrong, in one sentence. */
export const failedWith = (found: string): AppError => new AppError('bench.target-failed', found);

/** @throws AppError `bench.target-failed` saying what was found instead */
export const must = (isRight: boolean, found: string): void => {
  if (!isRight) throw failedWith(found);
};

export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('bench.target-failed', `no JSON: ${text.slice(0, 120)}`, { cause });
  }
};

const isMissing = (status: number): boolean => status === 404 || status === 405 || status === 501;

const checkStatus = async (response: HttpResponse): Promise<void> => {
  if (response.status === 200) return;
  const text = (await response.text()).replaceAll(/\s+/gu, ' ').slice(0, 200);
  if (isMissing(response.status)) throw new AppError('gateway.not-found', `${response.status}`);
  throw failedWith(`${response.status} ${text}`);
};

/** @param base root of the server without `/v1` */
export const createCompatTarget = (
  { http, signal }: { readonly http: Http; readonly signal: AbortSignal },
  {
    base,
    apiKey,
    model,
  }: { readonly base: string; readonly apiKey: string | undefined; readonly model: string },
): CompatTarget => {
  const credentials: Readonly<Record<string, string>> =
    apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}`, 'x-api-key': apiKey };
  const request = (
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<HttpResponse> =>
    http.request(base + path, {
      signal,
      headers: {
        ...credentials,
        'anthropic-version': '2023-06-01',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  const open = async (path: string, body: unknown): Promise<HttpResponse> => {
    const response = await request(path, body);
    await checkStatus(response);
    return response;
  };
  return {
    model,
    raw: async (path, body, headers) => {
      const response = await request(path, body, headers);
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
    json: async (path, body) => parseJson(await (await open(path, body)).text()),
    events: async (path, body) => {
      const response = await open(path, body);
      const parser = createSseParser();
      const events: SseEvent[] = [];
      for await (const bytes of response.body) events.push(...parser.push(bytes));
      return events;
    },
    lines: async (path, body) =>
      (await (await open(path, body)).text())
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map(parseJson),
  };
};
