import { AppError } from '../../shared/errors/app-error.ts';
import { toTag } from './ollama/model-reply.ts';
import { toModelObject } from './openai/model-reply.ts';
import type { CallRoute, PublicRoute } from './public-routes.ts';
import { factsOf, type RouteTable } from './router/route-table.ts';
import { resolveModel } from './stages/parse.ts';

const decodeName = (encoded: string): string => {
  try {
    return decodeURIComponent(encoded);
  } catch (cause) {
    throw new AppError('gateway.model-not-found', `${encoded} is not a valid address.`, { cause });
  }
};

/** The body of a `GET`, which needs no engine. @throws AppError `gateway.model-not-found` */
export const readReply = (
  route: Exclude<PublicRoute, CallRoute>,
  path: string,
  { routes, version }: { readonly routes: RouteTable; readonly version: string },
): unknown => {
  switch (route.name) {
    case 'health':
      return {
        status: 'ok',
        version,
        is_ready: routes.list().some((model) => factsOf(model) !== undefined),
      };
    case 'models':
      return { object: 'list', data: routes.list().map(toModelObject) };
    case 'model':
      return toModelObject(resolveModel(routes, decodeName(path.slice(route.path.length - 1))));
    case 'ollama-version':
      return { version };
    case 'ollama-tags':
      return { models: routes.list().map(toTag) };
    default:
      return route satisfies never;
  }
};
