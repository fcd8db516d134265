import { AppError } from '../../shared/errors/app-error.ts';
import type { Scope } from './auth/principal.ts';
import { nearestOf } from './parameters/known-parameters.ts';

export type DialectName = 'openai' | 'anthropic' | 'ollama';

/** Every address of the server, with the scope a key needs: a route that is not here does not exist. */
export const publicRoutes = [
  { name: 'health', method: 'GET', path: '/health', scope: 'public', dialect: 'openai' },
  { name: 'ready', method: 'GET', path: '/ready', scope: 'public', dialect: 'openai' },
  { name: 'metrics', method: 'GET', path: '/metrics', scope: 'metrics.read', dialect: 'openai' },
  { name: 'props', method: 'GET', path: '/props', scope: 'models.read', dialect: 'openai' },
  { name: 'slots', method: 'GET', path: '/slots', scope: 'server.read', dialect: 'openai' },
  { name: 'lora-adapters', method: 'GET', path: '/lora-adapters', scope: 'models.read', dialect: 'openai' },
  { name: 'models', method: 'GET', path: '/v1/models', scope: 'models.read', dialect: 'openai' },
  { name: 'model', method: 'GET', path: '/v1/models/*', scope: 'models.read', dialect: 'openai' },
  { name: 'chat', method: 'POST', path: '/v1/chat/completions', scope: 'inference', dialect: 'openai' },
  { name: 'completion', method: 'POST', path: '/v1/completions', scope: 'inference', dialect: 'openai' },
  { name: 'embedding', method: 'POST', path: '/v1/embeddings', scope: 'inference', dialect: 'openai' },
  { name: 'response', method: 'POST', path: '/v1/responses', scope: 'inference', dialect: 'openai' },
  { name: 'stream', method: 'GET', path: '/v1/streams/*', scope: 'inference', dialect: 'openai' },
  { name: 'rerank', method: 'POST', path: '/v1/rerank', scope: 'inference', dialect: 'openai' },
  { name: 'tokenize', method: 'POST', path: '/tokenize', scope: 'inference', dialect: 'openai' },
  { name: 'detokenize', method: 'POST', path: '/detokenize', scope: 'inference', dialect: 'openai' },
  { name: 'apply-template', method: 'POST', path: '/apply-template', scope: 'inference', dialect: 'openai' },
  { name: 'infill', method: 'POST', path: '/infill', scope: 'inference', dialect: 'openai' },
  { name: 'message', method: 'POST', path: '/v1/messages', scope: 'inference', dialect: 'anthropic' },
  {
    name: 'message-count',
    method: 'POST',
    path: '/v1/messages/count_tokens',
    scope: 'inference',
    dialect: 'anthropic',
  },
  { name: 'ollama-version', method: 'GET', path: '/api/version', scope: 'models.read', dialect: 'ollama' },
  { name: 'ollama-tags', method: 'GET', path: '/api/tags', scope: 'models.read', dialect: 'ollama' },
  { name: 'ollama-show', method: 'POST', path: '/api/show', scope: 'models.read', dialect: 'ollama' },
  { name: 'ollama-chat', method: 'POST', path: '/api/chat', scope: 'inference', dialect: 'ollama' },
  { name: 'ollama-generate', method: 'POST', path: '/api/generate', scope: 'inference', dialect: 'ollama' },
  { name: 'ollama-embed', method: 'POST', path: '/api/embed', scope: 'inference', dialect: 'ollama' },
] as const satisfies readonly {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** `public`: answered without a key. */
  readonly scope: Scope | 'public';
  /** How its errors and streams are written. */
  readonly dialect: DialectName;
}[];

export type PublicRoute = (typeof publicRoutes)[number];

/** Routes that reach an engine, and so have a row in the live table. */
export type CallRoute = Extract<PublicRoute, { readonly method: 'POST' }>;

/** Routes that are answered from what the server knows. */
export type ReadRoute = Exclude<
  Extract<PublicRoute, { readonly method: 'GET' }>,
  { readonly name: 'stream' }
>;

/** Routes that are also answered over a WebSocket. */
export type SocketRoute = Extract<CallRoute, { readonly name: 'chat' | 'response' }>;

/** @throws AppError `gateway.not-found` */
export const matchSocketRoute = (path: string): SocketRoute => {
  for (const route of publicRoutes) {
    if ((route.name === 'chat' || route.name === 'response') && route.path === path) return route;
  }
  throw new AppError('gateway.not-found', `There is no WebSocket at ${path}.`, {
    hint: 'Open /v1/responses or /v1/chat/completions.',
  });
};

const matches = (route: PublicRoute, path: string): boolean =>
  route.path.endsWith('/*')
    ? path.length >= route.path.length && path.startsWith(route.path.slice(0, -1))
    : route.path === path;

/** `HEAD` is a `GET` without a body; of a stream nothing would be left. */
const answersTo = (route: PublicRoute, method: string): boolean =>
  route.method === method || (method === 'HEAD' && route.method === 'GET' && route.name !== 'stream');

/** A base address without its `/v1`, or with two, or a slip of the pen: what was meant is told. */
const addressHint = (path: string): string => {
  const known: readonly string[] = publicRoutes.map((route) => route.path);
  const meant =
    path.length < 2
      ? undefined
      : (known.find((each) => each.endsWith(path) || path.endsWith(each)) ?? nearestOf(path, known));
  const all = 'docs/server.md and docs/api.md list all addresses.';
  return meant === undefined ? all : `Did you mean ${meant}? ${all}`;
};

/**
 * The route of a request.
 * @throws AppError `gateway.not-found`, `gateway.method-not-allowed` with `details.allow`
 */
export const matchRoute = (method: string, path: string): PublicRoute => {
  const atPath = publicRoutes.filter((route) => matches(route, path));
  const route = atPath.find((candidate) => answersTo(candidate, method));
  if (route !== undefined) return route;
  if (atPath.length === 0) {
    throw new AppError('gateway.not-found', `There is no ${path} here.`, {
      hint: addressHint(path),
    });
  }
  const allow = atPath.map((candidate) => candidate.method).join(', ');
  throw new AppError('gateway.method-not-allowed', `${path} does not answer to ${method}.`, {
    hint: `Use ${allow}.`,
    details: { allow },
  });
};
