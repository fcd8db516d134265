/** Chromium does not know `app:`; its pages live under a name of the reserved `.invalid` domain instead. */
const suffix = '.dyno-stub.invalid';

export const isStubName = (hostname: string): boolean => hostname.endsWith(suffix);

/** `app://dyno/x` → `https://dyno.app.dyno-stub.invalid/x`; what Chromium knows stays. */
export const toWeb = (url: string): string =>
  /^(https?|data|file|about|blob):/.test(url)
    ? url
    : url.replace(/^([a-z]+):\/\/([^/]+)/, `https://$2.$1${suffix}`);

/** The way back. */
export const toApp = (url: string): string =>
  url.replace(/^https:\/\/([^/]+)\.([a-z]+)\.dyno-stub\.invalid/, '$2://$1');
