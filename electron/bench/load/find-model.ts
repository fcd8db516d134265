import { z } from 'zod';
import type { LoadDialect } from '../../../shared/contract/load.ts';
import { AppError, toAppError } from '../../../shared/errors/app-error.ts';
import type { Clock, Http } from '../../platform/ports.ts';
import { targetError } from './target-error.ts';
import { isOpenAiDialect } from './target-url.ts';
import { withinTime } from './within-time.ts';

const listSchema = z.object({ data: z.array(z.object({ id: z.string() })).min(1) });
const tagsSchema = z.object({ models: z.array(z.object({ name: z.string() })).min(1) });

interface FindOptions {
  readonly baseUrl: string;
  readonly dialect: LoadDialect;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface FoundModel {
  readonly model: string;
  /** `server` header of the answer. */
  readonly server: string | null;
}

const nameFirst = (text: string, dialect: LoadDialect): string | undefined => {
  const raw: unknown = JSON.parse(text);
  if (dialect === 'ollama') return tagsSchema.safeParse(raw).data?.models[0]?.name;
  return listSchema.safeParse(raw).data?.data[0]?.id;
};

const noList = (url: string): AppError =>
  new AppError('app.bad-input', `${url} does not say which models it serves.`, {
    hint: 'Name the model with --model, or check the address: of OpenAI-compatible servers it mostly ends in /v1.',
  });

/** The network's own words lie below fetch's. */
const innermost = (error: unknown): Error => {
  if (!(error instanceof Error)) return new TypeError(String(error));
  return error.cause instanceof Error ? innermost(error.cause) : error;
};

/** The first model a server lists, for users who name none. Servers of one model have no name for it. */
export const findModel = async (
  { http, clock }: { readonly http: Http; readonly clock: Clock },
  { baseUrl, dialect, headers, timeoutMs, signal }: FindOptions,
): Promise<FoundModel> => {
  if (dialect === 'tgi' || dialect === 'llama-server') return { model: 'default', server: null };
  if (dialect === 'triton') throw noList(baseUrl);
  const url = isOpenAiDialect(dialect) ? `${baseUrl}/models` : `${baseUrl.replace(/\/v1$/, '')}/api/tags`;
  try {
    return await withinTime({ clock, ms: timeoutMs, signal }, async (limit) => {
      const answer = await http.request(url, { headers, signal: limit });
      const text = await answer.text();
      if (answer.status === 401 || answer.status === 403) {
        throw targetError(
          { code: 'bench.target-unauthorized', message: `The server answered ${answer.status} to ${url}.` },
          baseUrl,
        );
      }
      if (text.trimStart().startsWith('<')) {
        throw targetError(
          { code: 'bench.target-not-streaming', message: `${url} answers with a web page.` },
          baseUrl,
        );
      }
      const model = answer.status === 200 ? nameFirst(text, dialect) : undefined;
      if (model === undefined) throw noList(url);
      return { model, server: answer.headers['server'] ?? null };
    });
  } catch (error) {
    if (signal.aborted) throw new AppError('app.cancelled', undefined, { cause: error });
    if (error instanceof SyntaxError) throw noList(url);
    const failure = toAppError(error, 'bench.target-unreachable');
    if (failure.code === 'app.bad-input') throw failure;
    const cause = `: ${innermost(error).message}`;
    const message =
      failure.code === 'bench.target-unreachable' ? `${url} cannot be reached${cause}.` : failure.message;
    throw targetError({ code: failure.code, message }, baseUrl);
  }
};
