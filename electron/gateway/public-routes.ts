import type { Scope } from './auth/principal.ts';

/** Every address of the server, with the scope a key needs: a route that is not here does not exist. */
export const publicRoutes = [
  { name: 'health', method: 'GET', path: '/health', scope: 'public' },
  { name: 'models', method: 'GET', path: '/v1/models', scope: 'models.read' },
  { name: 'model', method: 'GET', path: '/v1/models/*', scope: 'models.read' },
  { name: 'chat', method: 'POST', path: '/v1/chat/completions', scope: 'inference' },
  { name: 'completion', method: 'POST', path: '/v1/completions', scope: 'inference' },
  { name: 'embedding', method: 'POST', path: '/v1/embeddings', scope: 'inference' },
] as const satisfies readonly {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** `public`: answered without a key. */
  readonly scope: Scope | 'public';
}[];

export type PublicRoute = (typeof publicRoutes)[number];

/** Routes that reach an engine, and so have a row in the live table. */
export type CallRoute = Extract<PublicRoute, { readonly method: 'POST' }>;

const matches = (route: PublicRoute, path: string): boolean =>
  route.path.endsWith('/*')
    ? path.length >= route.path.length && path.startsWith(route.path.slice(0, -1))
    : route.path === path;

/** The route of a request; `HEAD` is a `GET` without a body. Else the methods its address answers to, if any. */
export const matchRoute = (
  method: string,
  path: string,
): { readonly route: PublicRoute } | { readonly route: undefined; readonly allowed: readonly string[] } => {
  const asked = method === 'HEAD' ? 'GET' : method;
  const atPath = publicRoutes.filter((route) => matches(route, path));
  const route = atPath.find((candidate) => candidate.method === asked);
  return route === undefined ? { route, allowed: atPath.map((candidate) => candidate.method) } : { route };
};
