import { AppError } from '../../shared/errors/app-error.ts';
import { toLoraAdapters } from './llama/lora.ts';
import { toProps, toSlots } from './llama/server-replies.ts';
import { toTag } from './ollama/model-reply.ts';
import { toModelObject } from './openai/model-reply.ts';
import { PROMETHEUS_TEXT, toExposition, type MetricFamily } from './metrics/exposition.ts';
import type { ReadRoute } from './public-routes.ts';
import { factsOf, loadProgressOf, type RouteTable } from './router/route-table.ts';
import { resolveModel } from './stages/parse.ts';

const decodeName = (encoded: string): string => {
  try {
    return decodeURIComponent(encoded);
  } catch (cause) {
    throw new AppError('gateway.model-not-found', `${encoded} is not a valid address.`, { cause });
  }
};

export type ReadReply =
  | { readonly type: 'json'; readonly body: unknown }
  | { readonly type: 'text'; readonly contentType: string; readonly body: string };

interface ReadPorts {
  readonly routes: RouteTable;
  readonly version: string;
  /** All that `/metrics` tells. */
  readonly families: () => readonly MetricFamily[];
}

/** Who may send traffic here asks this: it is an error while no engine is ready. */
const checkReady = (routes: RouteTable): void => {
  const models = routes.list();
  if (models.some((model) => factsOf(model) !== undefined)) return;
  throw new AppError('engine.not-ready', 'No engine is ready.', {
    hint: 'Try again.',
    details: { progress: loadProgressOf(models[0]) },
  });
};

const toBody = (
  route: Exclude<ReadRoute, { readonly name: 'metrics' }>,
  path: string,
  { routes, version }: ReadPorts,
): unknown => {
  switch (route.name) {
    case 'health':
      return {
        status: 'ok',
        version,
        is_ready: routes.list().some((model) => factsOf(model) !== undefined),
      };
    case 'ready':
      checkReady(routes);
      return { status: 'ready' };
    case 'props':
      return toProps(routes.list()[0], version);
    case 'slots':
      return toSlots(routes.list());
    case 'lora-adapters':
      return toLoraAdapters(routes.list()[0]);
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

/**
 * The answer to a `GET`, which needs no engine.
 * @throws AppError `gateway.model-not-found`, `engine.not-ready` for `/ready`
 */
export const readReply = (route: ReadRoute, path: string, ports: ReadPorts): ReadReply =>
  route.name === 'metrics'
    ? { type: 'text', contentType: PROMETHEUS_TEXT, body: toExposition(ports.families()) }
    : { type: 'json', body: toBody(route, path, ports) };
