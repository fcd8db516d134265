import { createStore, type Store } from '../live/store.ts';
import { formatRoute, parseRoute, type Route } from './route.ts';

export interface Router {
  readonly store: Pick<Store<Route>, 'get' | 'subscribe'>;
  readonly go: (route: Route) => void;
  /** Changes the place without a new step in the browser's history. */
  readonly replace: (route: Route) => void;
}

/** Follows the address's hash. Links are plain `<a href={formatRoute(…)}>`. */
export const createRouter = (page: Window): Router => {
  const store = createStore(parseRoute(page.location.hash));
  const follow = (): void => store.set(parseRoute(page.location.hash));
  page.addEventListener('hashchange', follow);
  return {
    store,
    go: (route) => {
      page.location.hash = formatRoute(route);
    },
    replace: (route) => {
      page.history.replaceState(null, '', formatRoute(route));
      follow();
    },
  };
};
