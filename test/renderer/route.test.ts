import { expect, it } from 'vitest';
import { formatRoute, parseRoute, type Route } from '../../renderer/router/route.ts';

const routes: readonly Route[] = [
  { page: 'home' },
  { page: 'models', modelId: null },
  { page: 'models', modelId: 'a model/with, signs?' },
  { page: 'bench' },
  { page: 'bench-new', modelIds: ['one', 'two, three', 'four=5&6'] },
  { page: 'run', runId: 'run_1', view: 'comparison' },
  { page: 'run', runId: 'run_1', view: 'samples' },
  { page: 'compare', runIds: ['run_1', 'run_2'], baseModelId: 'f16,x' },
  { page: 'server', tab: 'overview' },
  { page: 'hardware' },
  { page: 'settings' },
];

it.each(routes)('the address of $page leads back to it', (route) => {
  expect(parseRoute(formatRoute(route))).toEqual(route);
});

it.each(['', '#', '#/', '#/nowhere', '#/bench/run/'])(
  'an unknown address %j is a page that exists',
  (hash) => {
    expect(['home', 'bench']).toContain(parseRoute(hash).page);
  },
);
