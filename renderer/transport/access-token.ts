/**
 * The access token of browser mode. Dyno prints an address with `#token=…`: the part behind # never leaves the
 * browser. It moves into the tab's session storage and out of the address, so that neither history nor a shared
 * screen shows it, and a reload still works.
 */
const STORAGE_KEY = 'dyno.token';

interface TokenPlace {
  readonly location: Pick<Location, 'hash' | 'pathname' | 'search'>;
  readonly history: Pick<History, 'replaceState'>;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
}

/** Takes the token from the address if it is there, else from this tab's storage; `null` when there is none. */
export const takeAccessToken = ({ location, history, storage }: TokenPlace): string | null => {
  const fromAddress = new URLSearchParams(location.hash.replace(/^#\/?/, '')).get('token');
  if (fromAddress === null || fromAddress === '') return storage.getItem(STORAGE_KEY);
  storage.setItem(STORAGE_KEY, fromAddress);
  history.replaceState(null, '', `${location.pathname}${location.search}#/`);
  return fromAddress;
};
