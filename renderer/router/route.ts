import { labTabs } from './lab-tabs.ts';
import { serverTabs } from './server-tabs.ts';

/** Every place of the app, as the part of the address behind `#`. */
export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'models'; readonly modelId: string | null }
  | { readonly page: 'bench' }
  | { readonly page: 'bench-new'; readonly modelIds: readonly string[] }
  | { readonly page: 'bench-shootout'; readonly modelId: string | null }
  | { readonly page: 'bench-diff' }
  | { readonly page: 'run'; readonly runId: string; readonly view: RunView }
  | { readonly page: 'imported'; readonly runId: string }
  | { readonly page: 'compare'; readonly runIds: readonly string[]; readonly baseModelId: string | null }
  | { readonly page: 'lab'; readonly tab: string; readonly itemId: string | null }
  | { readonly page: 'server'; readonly tab: string }
  | { readonly page: 'hardware' }
  | { readonly page: 'settings' };

export const runViews = ['comparison', 'measurements', 'timeline', 'samples', 'setup'] as const;
export type RunView = (typeof runViews)[number];

const isRunView = (text: string | undefined): text is RunView => runViews.some((view) => view === text);

const listOf = (text: string | null): readonly string[] =>
  text === null || text === '' ? [] : text.split(',').map(decodeURIComponent);

const writeList = (items: readonly string[]): string => items.map(encodeURIComponent).join(',');

/** Reads `#/bench/run/run_1/samples`. An address nobody knows is Home. */
export const parseRoute = (hash: string): Route => {
  const [path = '', search = ''] = hash.replace(/^#/, '').split('?');
  const [page, second, third, fourth] = path.split('/').slice(1).map(decodeURIComponent);
  // Lists are split before they are decoded, so that a comma inside an id survives.
  const raw = new Map(search.split('&').map((pair) => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? '']));
  switch (page) {
    case 'models':
      return { page, modelId: second === undefined || second === '' ? null : second };
    case 'bench':
      if (second === 'new') return { page: 'bench-new', modelIds: listOf(raw.get('models') ?? null) };
      if (second === 'diff') return { page: 'bench-diff' };
      if (second === 'shootout') {
        const [modelId = null] = listOf(raw.get('model') ?? null);
        return { page: 'bench-shootout', modelId };
      }
      if (second === 'run' && third !== undefined && third !== '')
        return { page: 'run', runId: third, view: isRunView(fourth) ? fourth : 'comparison' };
      if (second === 'imported' && third !== undefined && third !== '')
        return { page: 'imported', runId: third };
      if (second === 'compare') {
        const [baseModelId = null] = listOf(raw.get('base') ?? null);
        return { page: 'compare', runIds: listOf(raw.get('runs') ?? null), baseModelId };
      }
      return { page };
    case 'lab': {
      const tab = labTabs.find(({ name }) => name === second) ?? labTabs[0];
      return { page, tab: tab?.name ?? '', itemId: third === undefined || third === '' ? null : third };
    }
    case 'server': {
      const tab = serverTabs.find(({ name }) => name === second) ?? serverTabs[0];
      return { page, tab: tab?.name ?? '' };
    }
    case 'hardware':
    case 'settings':
      return { page };
    default:
      return { page: 'home' };
  }
};

/** The address of a place; `parseRoute` reads it back. */
export const formatRoute = (route: Route): string => {
  switch (route.page) {
    case 'home':
      return '#/';
    case 'models':
      return route.modelId === null ? '#/models' : `#/models/${encodeURIComponent(route.modelId)}`;
    case 'bench-new':
      return route.modelIds.length === 0 ? '#/bench/new' : `#/bench/new?models=${writeList(route.modelIds)}`;
    case 'bench-diff':
      return '#/bench/diff';
    case 'bench-shootout':
      return route.modelId === null
        ? '#/bench/shootout'
        : `#/bench/shootout?model=${encodeURIComponent(route.modelId)}`;
    case 'run': {
      const address = `#/bench/run/${encodeURIComponent(route.runId)}`;
      return route.view === 'comparison' ? address : `${address}/${route.view}`;
    }
    case 'imported':
      return `#/bench/imported/${encodeURIComponent(route.runId)}`;
    case 'compare': {
      const base = route.baseModelId === null ? '' : `&base=${encodeURIComponent(route.baseModelId)}`;
      return `#/bench/compare?runs=${writeList(route.runIds)}${base}`;
    }
    case 'lab':
      return route.itemId === null
        ? `#/lab/${route.tab}`
        : `#/lab/${route.tab}/${encodeURIComponent(route.itemId)}`;
    case 'server':
      return route.tab === serverTabs[0]?.name ? '#/server' : `#/server/${route.tab}`;
    case 'bench':
    case 'hardware':
    case 'settings':
      return `#/${route.page}`;
    default:
      return route satisfies never;
  }
};
